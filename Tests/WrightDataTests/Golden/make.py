"""Makes the files of this folder with the libraries whose behaviour they record. Never run by the tests.

    pip install numpy==2.4.6 safetensors==0.8.0 pillow==13.0.0 torch==2.13.0 && python make.py
"""
import io, os, struct, zlib
import numpy as np
from PIL import Image
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch
import torch
import torch.nn.functional as F

os.chdir(os.path.dirname(os.path.abspath(__file__)))
rng = np.random.default_rng(7)

# Formats of arrays.
save_file({"b.weight": np.arange(12, dtype=np.float32).reshape(3, 4), "a": np.array([1, 2, 3], np.int64),
           "flags": np.array([True, False]), "empty": np.zeros((0, 5), np.float64),
           "scalar": np.array(-2.5, np.float64), "small": np.array([[1, -2], [3, 127]], np.int8)},
          "numpy.safetensors", metadata={"format": "np", "note": "héllo"})
save_torch({"half": torch.tensor([1.0, -0.5, 65504.0, 6e-8, float("inf")], dtype=torch.float16),
            "brain": torch.tensor([1.0, 3.140625, -1e30], dtype=torch.bfloat16),
            "eight": torch.tensor([1.0, 2.0], dtype=torch.float8_e4m3fn),
            "short": torch.tensor([-3, 32767], dtype=torch.int16)}, "torch.safetensors")
values = np.arange(24).reshape(2, 3, 4)
np.save("c_order.npy", values.astype("<f4"))
np.save("fortran.npy", np.asfortranarray(values.astype("<i4")))
np.save("big_endian.npy", values.astype(">f8"))
np.save("half.npy", np.array([1.0, -0.5, 65504.0, 6e-8], np.float16))
np.save("short.npy", np.array([-3, 32767], np.int16))
np.save("unsigned.npy", np.array([0, 2**32 - 1], np.uint32))
np.save("too_large.npy", np.array([2**63], np.uint64))
np.save("scalar.npy", np.float64(2.5))
np.save("bool.npy", np.array([True, False, True]))
np.save("objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
np.save("text.npy", np.array(["ab", "c"]))
np.save("structured.npy", np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4")]))
np.lib.format.write_array(open("version2.npy", "wb"), values.astype("<i8"), version=(2, 0))
np.lib.format.write_array(open("version3.npy", "wb"), values.astype("u1"), version=(3, 0))
np.savez("stored.npz", images=values.astype("u1"), labels=np.array([0, 1], np.int32))
np.savez_compressed("deflated.npz", images=values.astype("u1"), labels=np.array([0, 1], np.int32))

# Images: the file, and its pixels as Pillow sees them.
def record(name, pixels):
    np.save(name + ".pixels.npy", np.ascontiguousarray(pixels))

yy, xx = np.mgrid[0:13, 0:17]
smooth = np.stack([xx * 15, yy * 19, (xx + yy) * 8], -1).astype(np.uint8)
noisy = rng.integers(0, 256, (13, 17, 4), dtype=np.uint8)
for mode, pixels in {"L": smooth[..., 0], "RGB": smooth, "RGBA": noisy, "LA": noisy[..., :2]}.items():
    image = Image.fromarray(pixels, mode)
    image.save(f"{mode}.png")
    record(f"{mode}.png", np.asarray(image))
Image.fromarray(smooth).convert("P", palette=Image.ADAPTIVE, colors=16).save("palette.png")
record("palette.png", np.asarray(Image.open("palette.png").convert("RGB")))
Image.fromarray((smooth[..., 0] > 100)).save("onebit.png")
record("onebit.png", np.asarray(Image.open("onebit.png").convert("L")))
deep = (rng.integers(0, 65536, (5, 7))).astype(np.uint16)
Image.fromarray(deep).save("deep.png")
record("deep.png", deep)
record("rgb_as_grey", np.asarray(Image.fromarray(smooth).convert("L")))
# Adam7 interlacing: Pillow does not write it.
def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
raw = b"".join(b"\0" + smooth[y, x0::dx].tobytes() for x0, y0, dx, dy in passes
               for y in range(y0, 13, dy) if len(smooth[y, x0::dx]))
open("interlaced.png", "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 17, 13, 8, 2, 0, 0, 1))
                                   + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))
record("interlaced.png", np.asarray(Image.open("interlaced.png")))
yy, xx = np.mgrid[0:40, 0:56]
photo = np.stack([xx * 4, yy * 6, 255 - (xx + yy) * 2], -1).astype(np.uint8)
for name, options in {"baseline": {}, "progressive": {"progressive": True}, "full": {"subsampling": 0}}.items():
    Image.fromarray(photo).save(f"{name}.jpg", quality=90, **options)
    record(f"{name}.jpg", np.asarray(Image.open(f"{name}.jpg")))
Image.fromarray(photo[..., 0]).save("grey.jpg", quality=90)
record("grey.jpg", np.asarray(Image.open("grey.jpg")))
Image.fromarray(photo).convert("CMYK").save("cmyk.jpg", quality=95)
record("cmyk.jpg", np.asarray(Image.open("cmyk.jpg").convert("RGB")))
exif = Image.Exif(); exif[0x0112] = 6
Image.fromarray(photo).save("turned.jpg", quality=90, exif=exif)
from PIL import ImageOps
record("turned.jpg", np.asarray(ImageOps.exif_transpose(Image.open("turned.jpg"))))

# Resizing.
photo = rng.integers(0, 256, (23, 31, 3), dtype=np.uint8)
np.save("resize.source.npy", photo)
for h, w in [(11, 9), (23, 31), (40, 50), (1, 1), (46, 10)]:
    np.save(f"resize.antialiased.{h}x{w}.npy", np.asarray(Image.fromarray(photo).resize((w, h), Image.BILINEAR)))
    plain = F.interpolate(torch.tensor(photo).permute(2, 0, 1)[None].float(), (h, w), mode="bilinear")
    np.save(f"resize.bilinear.{h}x{w}.npy", plain[0].permute(1, 2, 0).numpy())
# Pillow's box filter is the mean over the area where the size divides.
photo = rng.integers(0, 256, (24, 32, 3), dtype=np.uint8)
np.save("resize.area.source.npy", photo)
for h, w in [(12, 8), (8, 32), (1, 1), (48, 64)]:
    np.save(f"resize.area.{h}x{w}.npy", np.asarray(Image.fromarray(photo).resize((w, h), Image.BOX)))
