extension Tensor {
    /// An n-by-n mask that is true on the diagonal.
    public static func identityMask(_ n: Int) -> Tensor {
        let index = Tensor.iota(n)
        return index.reshaped([n, 1]).isEqual(to: index.reshaped([1, n]))
    }
}
