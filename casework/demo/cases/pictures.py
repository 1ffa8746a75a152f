"""Small papers, photos or PDFs: a sheet with its title, a name and a few lines. They show that they are samples."""
import io
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

SIZE = (480, 340)
PAPER, INK, FAINT, SEAL = (250, 248, 242), (40, 44, 52), (205, 203, 196), (190, 40, 40)
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
# Kind of paper → the words on the sheet.
TITLES = {
    "id_card": "身份证与户口本", "income_proof": "收入证明", "medical_papers": "诊断证明", "application": "申请书",
    "means_authorisation": "核对授权书", "rigid_proof": "支出凭证", "signature": "职工签名",
    "settlement": "医保结算单", "diagnosis": "出院小结", "event_proof": "突发变故证明", "loss_proof": "损失清单",
    "photos": "入户照片", "photo_start": "公示栏（开始）", "photo_end": "公示栏（结束）", "consents": "信息授权书",
    "licence": "营业执照", "notice": "招聘简章", "plan": "教学计划",
    "labour_contract": "劳动合同",
    "declaration": "申报表", "poverty_proof": "经济困难证明", "evidence": "劳动合同与工资单",
}
AS_PDF = frozenset({"settlement"})  # of two pages


def picture(kind: str, words: str, serial: int) -> bytes:
    """A JPEG of about 10 kB. kind: of TITLES; words: whose paper it is; serial: makes each picture one of its own."""
    out = io.BytesIO()
    _sheet(kind, words, serial).save(out, "JPEG", quality=70)
    return out.getvalue()


def two_pages(kind: str, words: str, serial: int) -> bytes:
    """The same as a PDF, the way a hospital prints its bill."""
    out = io.BytesIO()
    first, second = (_sheet(kind, f"{words}  {page}/2", serial) for page in (1, 2))
    first.save(out, "PDF", save_all=True, append_images=[second])
    return out.getvalue()


def _sheet(kind: str, words: str, serial: int) -> Image.Image:
    font = _font(22)
    sheet = Image.new("RGB", SIZE, (118, 112, 104) if serial % 2 else (96, 104, 112))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((26, 18, SIZE[0] - 26, SIZE[1] - 18), fill=PAPER)
    draw.text((SIZE[0] // 2, 56), TITLES[kind] if _chinese() else kind, INK, _font(30), anchor="mm")
    draw.text((54, 92), f"{words}  No. {serial:04d}" if _chinese() else f"No. {serial:04d}", INK, font)
    for row in range(5):
        draw.line((54, 146 + 26 * row, 300 + 31 * ((serial + row * 3) % 4), 146 + 26 * row), FAINT, 5)
    draw.ellipse((340, 204, 424, 288), outline=SEAL, width=3)
    draw.text((382, 246), "样本" if _chinese() else "SAMPLE", SEAL, font if _chinese() else _font(14), anchor="mm")
    return sheet


def _file() -> Path:
    return Path(settings.VAR_DIR) / "vendor" / "fonts" / "NotoSansSC-400.ttf"


@cache
def _chinese() -> bool:
    return _file().exists()


@cache
def _font(size: int) -> Font:
    """The font of the letters; where it was not set up, Pillow's own, which has no Chinese."""
    return ImageFont.truetype(_file(), size) if _chinese() else ImageFont.load_default(size)
