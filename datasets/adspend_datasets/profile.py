"""Platform profiles: one TOML file says how a platform's export is to be read; the code knows no platform.

A profile names the headers of each field (first header wins), the unit of each number, what GMV counts, and what a
missing value looks like. ``profiles/*.toml`` are bundled; a path to a file of the same form is a profile too.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from adspend_datasets.dates import DateOrder
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.text import Text

FieldName = Literal[
    "date", "date_end", "time", "time_end", "captured_at", "plan_id", "room_id", "segment", "slot", "lever", "shop",
    "plan_name", "product", "phase", "basis", "currency", "cost", "impressions", "clicks", "orders", "gmv",
    "refund_gmv", "ctr", "cvr",
]  # fmt: skip
FIELDS: tuple[FieldName, ...] = get_args(FieldName)
MONEY_FIELDS: tuple[FieldName, ...] = ("cost", "gmv", "refund_gmv")
COUNT_FIELDS: tuple[FieldName, ...] = ("impressions", "clicks", "orders")
RATE_FIELDS: tuple[FieldName, ...] = ("ctr", "cvr")
ID_FIELDS: tuple[FieldName, ...] = ("plan_id", "room_id")
NAME_FIELDS: tuple[FieldName, ...] = (
    "segment", "slot", "lever", "shop", "plan_name", "product", "phase", "basis", "currency",
)  # fmt: skip

# What platforms and people write for "no value"; never 0. A profile may add its own.
MISSING = (
    "",
    "-",
    "－",
    "--",
    "---",
    "—",
    "——",
    "–",
    "/",
    "N/A",
    "n/a",
    "#N/A",
    "NA",
    "null",
    "NULL",
    r"\N",
    "暂无",
    "暂无数据",
)

# "header": the unit that the header states, yuan where it states none.
Unit = Literal["header", "yuan", "wan", "fen", "micros", "yuan_e5", "count", "fractional_count"]
Headers = Annotated[tuple[str, ...], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Title(_Strict):
    """A platform's name in both languages."""

    zh: str
    en: str


class FieldRule(_Strict):
    """How one field is found and read.

    ``join``: every header present is used, its values joined (age and gender make one segment). ``values`` translates
    written values. ``header_units``: headers of this field that count in another unit than ``unit``.
    """

    headers: Headers
    unit: Unit | None = None
    join: bool = False
    values: dict[str, str] = {}
    header_units: dict[str, Unit] = {}


class Profile(_Strict):
    """One platform's export. See ``datasets/README.md`` for every key."""

    name: str
    family: str = ""  # --platform may give the family: its profiles are tried and the header decides
    title: Title
    basis: Literal["direct", "overall"]
    segment_source: Literal["column", "plan"] = "plan"
    default_segment: str = ""  # the segment where no mapping is given; "" means a mapping is needed
    cumulative: bool = False  # with a captured_at column, measures are running totals of a live room
    date_order: DateOrder = "ymd"
    cpm_range: tuple[float, float] | None = None  # main units per thousand impressions
    cpm_usual: tuple[float, float] | None = None  # outside of it a warning is given
    missing: tuple[str, ...] = ()
    required: tuple[str, ...]  # field names; "date|captured_at" means one of them
    detail: tuple[str, ...] = ()  # further breakdown columns: part of a row's key, then summed over
    ignored: tuple[str, ...] = ()  # known columns that carry nothing needed
    fields: dict[FieldName, FieldRule]

    @model_validator(mode="after")
    def _consistent(self) -> Profile:
        known = set(FIELDS)
        for alternatives in self.required:
            if unknown := set(alternatives.split("|")) - known:
                raise ValueError(f"required names unknown fields {sorted(unknown)}")
            if not set(alternatives.split("|")) & set(self.fields):
                raise ValueError(f"required field {alternatives} has no headers under [fields]")
        for name, rule in self.fields.items():
            money, count = name in MONEY_FIELDS, name in COUNT_FIELDS
            if money != (rule.unit in ("header", "yuan", "wan", "fen", "micros", "yuan_e5")):
                raise ValueError(f"field {name} must have a money unit if, and only if, it is money, got {rule.unit!r}")
            if count != (rule.unit in ("count", "fractional_count")):
                raise ValueError(
                    f"field {name} must have a count unit if, and only if, it is a count, got {rule.unit!r}"
                )
        return self

    @property
    def missing_tokens(self) -> frozenset[str]:
        """Everything that stands for a missing value."""
        return frozenset((*MISSING, *self.missing))


@cache
def bundled_profiles() -> tuple[Profile, ...]:
    """All bundled profiles; canonical first, generic last, which is the order in which equals are preferred."""
    folder = resources.files("adspend_datasets") / "profiles"
    texts = [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")]
    profiles = [Profile.model_validate(tomllib.loads(text)) for text in texts]
    rank = {"canonical": -1, "generic": 1}
    return tuple(sorted(profiles, key=lambda profile: (rank.get(profile.name, 0), profile.name)))


def candidate_profiles(platform: str) -> tuple[Profile, ...]:
    """The profiles to try for a file.

    Args:
        platform: "" for all; a profile's name; a family such as "qianchuan"; or the path of a profile TOML file.

    Returns:
        Candidates in order of preference. Except for a path, the canonical profile is always among them, because a
        canonical report is canonical whatever platform the shop is on.

    Raises:
        BadDataError: E-PROFILE for an unknown platform or a bad file.
    """
    bundled = bundled_profiles()
    if not platform:
        return bundled
    if platform.endswith(".toml"):
        return (_from_file(Path(platform)),)
    chosen = tuple(profile for profile in bundled if platform in (profile.name, profile.family))
    if not chosen:
        known = sorted({name for profile in bundled for name in (profile.name, profile.family) if name})
        law = Text(f"平台必须是 {'、'.join(known)} 之一", f"the platform must be one of {', '.join(known)}")
        remedy = Text("或给出自己的 .toml 平台文件", "or give a .toml profile of your own")
        raise BadDataError([Fault(code="E-PROFILE", law=law, remedy=remedy, value=platform)])
    return tuple(profile for profile in bundled if profile in chosen or profile.name == "canonical")


def _from_file(path: Path) -> Profile:
    try:
        return Profile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        faults = [_bad(path, ".".join(map(str, item["loc"])), item["msg"]) for item in error.errors()]
    except (OSError, ValueError, RecursionError) as error:
        faults = [_bad(path, "", str(error))]
    raise BadDataError(faults)


def _bad(path: Path, key: str, why: str) -> Fault:
    law = Text(f"平台文件必须合法（{why}）", f"a profile must be valid ({why})")
    remedy = Text("请对照 datasets/README.md 修改", "correct it by datasets/README.md")
    return Fault(code="E-PROFILE", law=law, remedy=remedy, place=Place(path.name, column=key))
