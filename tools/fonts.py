"""Cuts the Chinese fonts to the characters a letter can need. Runs in the virtual environment.

GB 2312 alone lacks characters that stand in people's names (镕 堃 喆 昇), so everything of GBK and of the unified block
stays, with the rarer ones the font has. What goes: kana beyond GBK, extension A, layout tricks, hinting.
"""
import sys
from pathlib import Path

from fontTools import subset

FACES = {"400": "400Regular/NotoSansSC_400Regular.ttf", "700": "700Bold/NotoSansSC_700Bold.ttf"}
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x2000, 0x206F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F),
    (0x3000, 0x303F), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF),
)


def _gbk() -> set[int]:
    """Return the code points of GBK, which contains GB 2312."""
    found = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            text = bytes([lead, trail]).decode("gbk", errors="ignore")
            if len(text) == 1:
                found.add(ord(text))
    return found


def cut(source: Path, target: Path) -> int:
    """Write the cut font and return how many characters it has."""
    options = subset.Options(hinting=False, layout_features=["ccmp", "kern", "locl"], notdef_outline=True)
    font = subset.load_font(str(source), options)
    wanted = _gbk() | {point for first, last in RANGES for point in range(first, last + 1)}
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    subset.save_font(font, str(target), options)
    return len(font.getBestCmap())


def main() -> int:
    """Cut each face: fonts.py <folder of the npm package> <target folder>."""
    package, target = Path(sys.argv[1]), Path(sys.argv[2])
    for weight, face in FACES.items():
        cut(package / face, target / f"NotoSansSC-{weight}.ttf")
    licence = package / "LICENSE_FONT"
    (target / "OFL.txt").write_bytes(licence.read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
