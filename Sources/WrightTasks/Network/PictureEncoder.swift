import WrightData
import WrightGraph
import WrightModels
import WrightNN

/// A small residual network over pictures: `[n, height, width, channels]`, uint8 or float32, to `[n, features]`.
struct PictureEncoder: Layer {
    let network: ResNet
    private let normalisation: Normalisation?

    /// Smaller pictures are seen at their full size.
    private static let halvedFrom = 30
    /// Larger ones are quartered before the first stage.
    private static let quarteredFrom = 97

    init(_ picture: InputShape.Picture, _ config: NetworkConfig, from source: inout ParameterSource) {
        normalisation = picture.normalisation
        let side = min(picture.height, picture.width)
        network = ResNet(
            .init(
                channels: picture.channels,
                stem: side < Self.halvedFrom ? .cifar : side < Self.quarteredFrom ? .half : .imagenet,
                depths: config.channels.map { _ in config.blocks }, widths: config.channels, classes: 0), from: &source)
    }

    /// Numbers that stand for a picture.
    var features: Int { network.config.widths[network.config.widths.count - 1] }

    func callAsFunction(_ x: Tensor) -> Tensor { network(normalised(x)) }

    /// Pictures as ``network`` sees them, float32: 0 is the mean of what training saw.
    func normalised(_ x: Tensor) -> Tensor { normalisation.map { $0(x) } ?? x.cast(to: .float32) }
}
