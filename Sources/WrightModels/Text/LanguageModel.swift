public import WrightGraph
public import WrightNN

/// A model that says what follows rows of tokens and goes on one token at a time from what it has seen.
public protocol TokenPredictor: Module {
    /// What it keeps of the tokens it has seen.
    associatedtype Cache: Sendable

    /// The most tokens that it sees; nil for any number.
    var context: Int? { get }
    /// Nothing seen yet, for so many rows.
    func caches(batch: Int) -> Cache
    /// Logits `[batch, vocabulary]` of what follows `ids`, `[batch]` of int32, each at `position`, a scalar of int32; what
    /// `caches` hold is changed when the pass is over.
    func next(_ ids: Tensor, at position: Tensor, _ caches: Cache) -> Tensor
    /// What `caches` hold of the tokens seen, a row of each for each row of tokens: what must move when rows change places.
    func states(of caches: Cache) -> [Variable]
}

/// A model that gives, for each token of `[batch, time]`, logits of the one that follows.
public protocol LanguageModel: TokenPredictor, Layer {}
