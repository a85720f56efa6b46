import Foundation
import WrightGraph
import WrightRuntime
import WrightTesting

@testable import WrightData

/// What makes the messages of pictures and sounds come up.
enum MediaTriggers {
    static let all: [MessageCode: MessageTrigger] = pictures.merging(sounds) { one, _ in one }

    private static let pictures: [MessageCode: MessageTrigger] = [
        .emptyPicture: { _ = try ImageFile.decode([], file: "x.png") },
        .notPicture: { _ = try ImageFile.decode(Array("GIF89a".utf8), file: "x.png") },
        .pictureTooLarge: {
            var limits = ImageFile.Limits()
            limits.pixels = 4
            _ = try ImageFile.read(golden("RGB.png"), limits: limits)
        },
        .pictureDamaged: { _ = try ImageFile.decode(contents(golden("RGB.png")).dropLast(30), file: "x.png") },
        .pictureForm: {
            // A pixel of 16 bits, grey with alpha.
            let bytes = Data(
                base64Encoded:
                    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABEAQAAADljNBBAAAADUlEQVR42mMQMvn/HwAD5gJF8RyEZQAAAABJRU5ErkJggg==")!
            try withFile(bytes, "x.png") { _ = try ImageFile.read16($0) }
        },
        .pictureSizes: {
            let folder = TemporaryFolder()
            _ = folder.write(contents(golden("RGB.png")), "a/1.png")
            _ = folder.write(contents(golden("baseline.jpg")), "a/2.jpg")
            _ = try ImageFolder(folder.path).load()
        },
        .noReadablePicture: {
            let folder = TemporaryFolder()
            _ = folder.write("no picture", "a/1.png")
            _ = try ImageFolder(folder.path).load()
        },
        .noPictureNoSound: {
            let folder = TemporaryFolder()
            _ = folder.write("a text", "a.txt")
            _ = try Records.open(folder.path)
        },
        .notSixteenBits: { _ = try ImageFile.read16(golden("RGB.png")) },
        .notPictures: { _ = try PictureSource([golden("stored.npz") + "/labels[0]"]) },
        .noSuchPicture: {
            let path = golden("stored.npz") + "/images"
            _ = try PictureSource([path + "[0]"]).read(path + "[9]")
        },
    ]

    private static let sounds: [MessageCode: MessageTrigger] = [
        .emptySound: { _ = try SoundFile.decode([], file: "x.wav") },
        .notSound: { _ = try SoundFile.decode(Array("ID3 and some music".utf8), file: "x.wav") },
        .soundDamaged: { _ = try SoundFile.decode(SoundTests.wav([[0.5], [0.25]]).dropLast(2), file: "x.wav") },
        .soundTooLong: {
            _ = try FLACFile.decode(contents(golden("mono.flac")), file: "x.flac", maximumFrames: 100)
        },
        .noSamples: { _ = try SoundFile.decode(SoundTests.wav([]), file: "x.wav") },
        .soundForm: { _ = try SoundFile.decode(SoundTests.wav([[0.5]], bits: 12), file: "x.wav") },
    ]
}
