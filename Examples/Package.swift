// swift-tools-version: 6.2
import PackageDescription

/// Each example is one file of under 60 lines; `swift run -c release --package-path Examples LeNet` runs one.
func example(_ name: String) -> Target {
    .executableTarget(name: name, dependencies: [.product(name: "Wright", package: "Wright")])
}

let package = Package(
    name: "Examples",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "Wright", path: "..")],
    targets: [
        example("LeNet"), example("MLP"), example("CIFARConvNet"), example("ResNet18"), example("Quickstart"),
        example("TextGPT"), example("SentimentLSTM"), example("TangPoems"), example("TextTranslator"),
    ],
    swiftLanguageModes: [.v6]
)
