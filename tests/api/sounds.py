"""Sound files made for a test, and forms that carry them."""
import io
import math
import os
import random
import struct
import wave

BOUNDARY = "----listening-test-boundary"


def music(seconds=6.0, rate=22050, beats_per_minute=120, level=0.5):
    """Mono samples: chords of C major and a click on every beat."""
    chords = [(261.63, 329.63, 392.0), (349.23, 440.0, 523.25), (392.0, 493.88, 587.33), (261.63, 329.63, 392.0)]
    beat = round(60 / beats_per_minute * rate)
    noise = random.Random(1)
    clicks = [noise.uniform(-1, 1) * math.exp(-i / 200) for i in range(1200)]
    samples = []
    for i in range(round(seconds * rate)):
        notes = chords[i // (4 * beat) % 4]
        tone = sum(math.sin(2 * math.pi * note * i / rate) for note in notes) / 3
        click = clicks[i % beat] if i % beat < len(clicks) else 0
        samples.append(level * (0.6 * tone + 0.4 * click))
    return samples


def wav(samples, rate=22050, channels=1):
    data = struct.pack(f"<{len(samples) * channels}h",
                       *(round(32767 * max(-1, min(1, s))) for s in samples for _ in range(channels)))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(data)
    return out.getvalue()


def header(rate=44100, channels=2, bits=16, kind=1, data_bytes=0):
    block = channels * bits // 8
    return (b"RIFF" + struct.pack("<I", 36 + data_bytes) + b"WAVEfmt " +
            struct.pack("<IHHIIHH", 16, kind, channels, rate, rate * block & 0xffffffff, block, bits) +
            b"data" + struct.pack("<I", data_bytes))


def form(*parts, boundary=BOUNDARY):
    """Each part is (name, file name or None, bytes)."""
    out = b""
    for name, file_name, data in parts:
        out += f"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"".encode()
        if file_name is not None:
            out += f"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream".encode()
        out += b"\r\n\r\n" + data + b"\r\n"
    return out + f"--{boundary}--\r\n".encode()


FORM_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


# What cannot be heard: (name, bytes, part of the sentence).
BAD = [
    ("empty.mp3", b"", "empty"),
    ("text.mp3", b"This is a letter, and no music at all.\n" * 2000, "no sound file"),
    ("noise.mp3", noise(300_000), "no sound file"),
    ("tags.mp3", b"ID3\3\0\0\0\0\0\12TIT2\0\0\0\0\0\0xx", "no sound behind"),
    ("header.wav", b"RIFF\xff\0\0\0WAVE", "broken"),
    ("header.flac", b"fLaC", "broken"),
    ("header.ogg", b"OggS\0\2" + bytes(20) + b"\1\x1e\1vorbis" + bytes(30), "broken"),
    ("zero-frames.wav", header(), "no sound"),
    ("one-sample.wav", header(data_bytes=4) + b"\0\1\0\1", "at least 3 s"),
    ("unscaled.wav", header(rate=8000, channels=1, bits=32, kind=3, data_bytes=128_000) + struct.pack("<2f", 16384, -16384) * 16_000,
     "full scale"),
    ("slow.wav", header(rate=1, channels=1, data_bytes=200) + bytes(200), "1 Hz"),
    ("nine.wav", header(channels=9, data_bytes=18_000) + bytes(18_000), "9 channels"),
    ("long.wav", header(rate=8000, channels=1, data_bytes=20 * 3600 * 16000) + bytes(980), "breaks off"),
    ("cut.wav", wav(music(1.0))[:30_000], "breaks off"),
    ("song.m4a", b"\0\0\0\x20ftypM4A " + bytes(200), "not decoded here"),
]


def write_all(folder):
    """The bad files as files."""
    for name, data, _ in BAD:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
