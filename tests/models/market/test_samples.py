"""The bundled samples: regenerated they are the same, and each one's totals are the world's to the fen."""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import adspend_datasets
from adspend_models.market.exports.rows import REFUND_DAYS
from adspend_models.market.sample_shop import SEGMENTS, SLOTS, sample_truth
from adspend_models.market.samples import EVENING, EXPORTED, OVERSEAS_DAYS, SEED, main, sample_days, sample_files
from adspend_models.market.samples import uni_days as uni_days_of
from adspend_models.market.world import Day

BUNDLED = Path(adspend_datasets.__file__).parent / "samples"
DAYS = sample_days(SEED)
NAMES = (
    "canonical.csv",
    "google_ads.csv",
    "meta.csv",
    "qianchuan_board.csv",
    "qianchuan_standard.csv",
    "qianchuan_standard.xlsx",
    "qianchuan_uni.xlsx",
    "tiktok_ads.csv",
)


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return sample_files(SEED)


def members(content: bytes) -> dict[str, tuple[bytes, tuple[int, ...]]]:
    """A zip's files and dates; compressed bytes are left out because they depend on the zlib that wrote them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: (archive.read(info), info.date_time) for info in archive.infolist()}


def fen(text: object) -> int:
    return int(Decimal(str(text).replace(",", "")) * 100)


def total(column: Iterable[object]) -> int:
    return sum(fen(text) for text in column)


def csv_rows(content: bytes, encoding: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline="")))


def book_rows(content: bytes) -> list[dict[str, object]]:
    header, *rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values
    return [dict(zip((str(name) for name in header), row, strict=True)) for row in rows]


def world_totals(days: Iterable[Day]) -> tuple[int, int, int]:
    """Cost, orders (times 100, to compare with ``total``) and GMV."""
    sums = [(int(d.cost_fen.sum()), 100 * int(d.orders.sum()), int(d.gmv_fen.sum())) for d in days]
    cost, orders, gmv = zip(*sums, strict=True)
    return sum(cost), sum(orders), sum(gmv)


@pytest.mark.parametrize("name", NAMES)
def test_the_bundled_file_is_what_the_generator_writes(made: dict[str, bytes], name: str) -> None:
    bundled = (BUNDLED / name).read_bytes()
    if name.endswith(".xlsx"):
        assert members(made[name]) == members(bundled)
    else:
        assert made[name] == bundled


def test_every_generated_file_is_bundled_and_small(made: dict[str, bytes]) -> None:
    assert sorted(made) == list(NAMES)
    assert sum(file.stat().st_size for file in BUNDLED.iterdir()) < 600_000


def test_the_command_writes_the_same_bytes_again(made: dict[str, bytes], tmp_path: Path) -> None:
    main([str(tmp_path / "out"), "--seed", str(SEED)])
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == made


def test_another_seed_makes_another_month(made: dict[str, bytes]) -> None:
    assert sample_files(SEED + 1)["canonical.csv"] != made["canonical.csv"]


def test_the_standard_export_adds_up_to_the_world_and_to_its_own_total_row(made: dict[str, bytes]) -> None:
    rows = csv_rows(made["qianchuan_standard.csv"], "gb18030")
    body, last = rows[:-1], rows[-1]
    names = ("消耗(元)", "直接成交订单数", "直接成交金额(元)")
    assert tuple(total(row[name] for row in body) for name in names) == world_totals(DAYS)
    assert tuple(fen(last[name]) for name in names) == world_totals(DAYS)
    assert last["日期"] == "合计"
    assert {len(row["计划ID"]) for row in body} == {19}


def test_the_workbook_holds_the_same_figures_as_the_csv(made: dict[str, bytes]) -> None:
    book, rows = book_rows(made["qianchuan_standard.xlsx"]), csv_rows(made["qianchuan_standard.csv"], "gb18030")
    assert len(book) == len(rows)
    for from_book, from_csv in zip(book, rows, strict=True):
        for name, text in from_csv.items():
            value = from_book[name]
            same = fen(text) == round(float(value) * 100) if isinstance(value, (int, float)) else value == text
            assert same, f"{from_csv['日期']} {from_csv['计划名称']} {name}: csv {text}, workbook {value}"


def test_the_canonical_file_has_the_same_rows(made: dict[str, bytes]) -> None:
    canonical = csv_rows(made["canonical.csv"], "utf-8-sig")
    standard = csv_rows(made["qianchuan_standard.csv"], "gb18030")[:-1]
    pairs = (("cost", "消耗(元)"), ("orders", "直接成交订单数"), ("gmv", "直接成交金额(元)"), ("clicks", "点击次数"))
    assert len(canonical) == len(standard)
    for mine, theirs in zip(canonical, standard, strict=True):
        assert mine["plan_id"] == theirs["计划ID"]
        assert f"直播_{mine['segment']}_{mine['slot']}_01" == theirs["计划名称"]
        assert [fen(mine[a]) for a, _ in pairs] == [fen(theirs[b]) for _, b in pairs]
        assert (mine["refund_gmv"] == "") == (theirs["直接退款金额(14天)"] == "-")


def test_refunds_are_filled_only_where_their_window_has_closed(made: dict[str, bytes]) -> None:
    rows = csv_rows(made["canonical.csv"], "utf-8-sig")
    closed = [d for d in DAYS if (EXPORTED - d.date).days > REFUND_DAYS]
    assert {row["date"] for row in rows if row["refund_gmv"]} == {str(d.date) for d in closed}
    want = sum(int(refund.sum()) for d in closed if (refund := d.refund_fen(within_days=REFUND_DAYS)) is not None)
    assert total(row["refund_gmv"] for row in rows if row["refund_gmv"]) == want


def test_the_uni_export_adds_up_to_its_world(made: dict[str, bytes]) -> None:
    rows = book_rows(made["qianchuan_uni.xlsx"])
    names = ("整体消耗(元)", "整体成交订单数", "整体成交金额(元)")
    assert tuple(total(row[name] for row in rows) for name in names) == world_totals(uni_days_of(SEED))
    assert all(isinstance(row["整体消耗(元)"], str) for row in rows), "this export stores its numbers as text"


def test_the_board_ends_with_the_evening_of_the_last_day(made: dict[str, bytes]) -> None:
    rows = csv_rows(made["qianchuan_board.csv"], "utf-8-sig")
    evening = [i for i, cell in enumerate(DAYS[-1].cells) if cell.slot in EVENING]
    assert (rows[0]["采集时间"], rows[-1]["采集时间"]) == ("2026-11-22 18:00:00", "2026-11-23 02:00:00")
    assert fen(rows[-1]["整体消耗(元)"]) == DAYS[-1].cost_fen[evening].sum()
    assert fen(rows[-1]["整体成交金额(元)"]) == DAYS[-1].gmv_fen[evening].sum()
    assert int(rows[-1]["整体成交订单数"]) == DAYS[-1].orders[evening].sum()


@pytest.mark.parametrize(
    ("name", "cost", "per_fen", "orders", "gmv"),
    [
        ("tiktok_ads.csv", "spend", 1, "conversion", "total_onsite_shopping_value"),
        ("meta.csv", "spend", 1, "actions[purchase]", "action_values[purchase]"),
        ("google_ads.csv", "metrics.cost_micros", 1_000_000, "metrics.conversions", "metrics.conversions_value"),
    ],
)
def test_the_overseas_files_add_up(  # the arguments are one table row
    made: dict[str, bytes], name: str, cost: str, per_fen: int, orders: str, gmv: str
) -> None:
    rows = csv_rows(made[name], "utf-8")
    got = tuple(total(row[column] for row in rows) for column in (cost, orders, gmv))
    assert (got[0] // per_fen, *got[1:]) == world_totals(DAYS[-OVERSEAS_DAYS:])
    assert got[0] % per_fen == 0


def test_the_sample_shop_file_describes_the_sample_room() -> None:
    shop = tomllib.loads((BUNDLED / "shop.toml").read_text(encoding="utf-8"))
    assert (tuple(shop["cells"]["segments"]), tuple(shop["cells"]["slots"])) == (SEGMENTS, SLOTS)
    assert shop["budget"]["daily"] * 100 == 3_000_000
    assert "合成数据" in shop["shop"]["name"]


def test_the_data_sheet_states_the_true_totals() -> None:
    sheet = (BUNDLED / "README.md").read_text(encoding="utf-8")
    cost, orders, gmv = world_totals(DAYS)
    assert "合成数据" in sheet
    assert (
        f"cost {cost / 100:,.2f} yuan, {orders // 100:,} orders, GMV {gmv / 100:,.2f} yuan, ROI {gmv / cost:.2f}"
        in (" ".join(sheet.split()))
    )


def test_the_online_ads_shop_file_fits_the_real_data() -> None:
    """Its cells are the data's, its budget is near the last ten days', its maximum lies above every observed cost."""
    data = Path(__file__).parents[4] / "shared/data/online_ads/reports.csv"
    if not data.exists():
        pytest.skip("the real advertiser's data is not bundled: ../shared/data/online_ads/reports.csv is absent")
    shop = tomllib.loads((BUNDLED / "online_ads_shop.toml").read_text(encoding="utf-8"))
    rows = csv_rows(data.read_bytes(), "utf-8-sig")
    assert set(shop["cells"]["segments"]) == {row["segment"] for row in rows}
    assert set(shop["cells"]["slots"]) == {row["slot"] for row in rows}
    last_ten = sum(fen(row["cost"]) for row in rows if row["date"] >= "2020-05-22") / 10 / 100
    assert last_ten == pytest.approx(936.43)
    assert shop["budget"]["daily"] == pytest.approx(last_ten, rel=0.1)
    assert max(fen(row["cost"]) for row in rows) == 176_970 <= shop["cells"]["max"] * 100


def test_the_true_curves_would_earn_far_more_than_the_operator_did() -> None:
    """Exact dynamic programme over steps of 100 yuan: best[b] = the most that a total of b steps can earn."""
    truth, rate = sample_truth(SEED).truth, 0.54 * 0.52  # net value per yuan of GMV under shop.toml
    steps = np.arange(3, 61)  # 300 to 6,000 yuan
    cost = np.tile(steps * 100.0, (36, 1))
    net = rate * truth.mean_orders(EXPORTED, cost) * truth.order_value[:, None] - cost
    best = np.zeros(301)
    for row in net:
        grown = best.copy()
        for step, value in zip(steps, row, strict=True):
            grown[step:] = np.maximum(grown[step:], best[: 301 - step] + value)
        best = grown
    cost_fen, _, gmv_fen = world_totals(DAYS)
    operator = (rate * gmv_fen - cost_fen) / 100 / len(DAYS)
    assert best[300] == pytest.approx(15_400, abs=50), "the data sheet states this figure"
    assert abs(operator) < 1_000, f"the operator about breaks even, but made {operator:.0f} yuan a day"
    assert 0.1 < (best[300] - best[295]) / 500 < 0.5, "the budget is scarce: its next yuan still earns"
