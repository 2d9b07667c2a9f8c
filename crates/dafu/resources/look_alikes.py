"""Makes look_alikes.txt: for each simplified character those that look most like it.

    pip install numpy==2.4.6 pillow==13.0.0
    python look_alikes.py NotoSansCJK-Regular.ttc > look_alikes.txt

The font is Noto Sans CJK (SIL Open Font License; Debian's fonts-noto-cjk). Two characters look alike as far as their
blurred pictures do, and as far as the directions of their strokes do in the same places: the sum of both cosines, after
the mean character is taken away. Pictures alone find fewer of the pairs that schools warn of, such as 末未, 折拆, 贷货.

A line of the table has a character of GB 2312 and its look-alikes, the most alike first. All lines have the same length
and stand in the order of code points, so that the table is searched as it is.
"""

import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

LOOK_ALIKES = 16
SIMPLIFIED = 2  # The face of the collection that has the forms used on the mainland.
DIRECTIONS = 4


def main():
    font = ImageFont.truetype(sys.argv[1], 64, index=SIMPLIFIED)
    chars = sorted(gb2312())
    pictures = [picture(char, font) for char in chars]
    alike = cosines([blurred(p, 2, 32) for p in pictures]) + cosines([strokes(p) for p in pictures])
    np.fill_diagonal(alike, -2)
    for char, row in zip(chars, alike):
        nearest = np.argsort(-row, kind="stable")[:LOOK_ALIKES]
        print(char + "".join(chars[i] for i in nearest))


def gb2312():
    """Its two levels of characters."""
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                pass


def picture(char, font):
    image = Image.new("L", (80, 80))
    ImageDraw.Draw(image).text((8, 0), char, fill=255, font=font)
    return np.asarray(image, dtype=np.float32)


def blurred(values, radius, size):
    image = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(radius)).resize((size, size))
    return np.asarray(image, dtype=np.float32).ravel()


def strokes(picture):
    """How strong the edges of each direction are, all over the picture."""
    down, right = np.gradient(picture)
    strength = np.hypot(right, down)
    direction = np.arctan2(down, right) % np.pi / np.pi * DIRECTIONS
    parts = []
    for wanted in range(DIRECTIONS):
        off = np.abs(direction - wanted)
        share = np.maximum(0, 1 - np.minimum(off, DIRECTIONS - off))
        parts.append(blurred(share * strength, 3, 24))
    return np.concatenate(parts)


def cosines(rows):
    rows = np.stack(rows)
    rows -= rows.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows @ rows.T


main()
