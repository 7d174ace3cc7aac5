"""A worker's part: one shop from its files to its folder and record. Never raises: what went wrong is in the record.

What a result depends on is the shop's inputs and the ``Orders`` alone, never the process, its engine or what else ran
there. A shop that is already done, by whatever run or worker, is not done again.
"""

from __future__ import annotations

import hashlib
import traceback

from adspend.batch.folders import found_record, put_folder
from adspend.batch.orders import Orders, error_remark, job_key, without_plan
from adspend.batch.record import Figures, Remark, ShopRecord, Status
from adspend.batch.roster import Job
from adspend.batch.shared_files import FROM_A_SHOP, SUMMARY_FROM_A_SHOP
from adspend.batch.shop_frontier import shop_frontier
from adspend.comparisons import YESTERDAY
from adspend.live_limits import is_rebate
from adspend.outputs.write import plan_files
from adspend.plan import InputFile, Plan
from adspend.planner import make_plan
from adspend.policy import default_policy
from adspend.shop import Shop, parse_shop
from adspend.shop_reports import import_notices, read_reports_of, report_inputs
from adspend.solve import SolveSettings
from adspend_datasets.errors import AdspendError
from adspend_datasets.text import Text
from adspend_models.bank import Grade

NO_REPORT = Text(
    "没有报表，未规划；冷启动请用 adspend plan", "no report, so no plan; for a cold start use adspend plan"
)
CHANGING = Text(
    "文件在规划时一再被改动，未规划；请等导出结束后重新运行",
    "files changed again and again while they were planned; run again at rest",
)
TRACE = "error.txt"  # where a fault of the engine came from
MOST_TRIES = 3  # of a shop whose files are replaced while it is planned
# Nodes end a search, not seconds: a slow machine gives the same plans.
SETTINGS = SolveSettings(time_limit=600.0)


def plan_shop(job: Job, orders: Orders) -> ShopRecord:
    """The job's record; its folder is in place when this returns."""
    for _ in range(MOST_TRIES):
        key = job_key(job, orders)
        done = found_record(orders.out, job.name, key)
        if done is not None:
            return done
        record, files = _tried(job, orders, key)
        if job_key(job, orders) == key:
            break
    else:  # a file was replaced each time between its hash and its plan
        record, files = without_plan(job, key, Status.FAILED, (error_remark("E-FILE-CHANGED", CHANGING),)), {}
    return put_folder(orders.out, record, files, run=orders.run)


def _tried(job: Job, orders: Orders, key: str) -> tuple[ShopRecord, dict[str, bytes]]:
    """The job's record under this key, and the files of its folder."""
    files: dict[str, bytes] = {}
    try:
        return _planned(job, orders, key)
    except AdspendError as error:
        remarks = tuple(
            Remark(code=f.code, severity="ERROR", text=Text(f.pick("zh"), f.pick("en"))) for f in error.faults
        )
    except OSError as error:
        told = f"{error.filename or job.shop.name}: {error.strerror or error}"  # a read that fails names no file
        remarks = (error_remark("E-IO", Text(f"文件无法读取：{told}", f"a file cannot be read: {told}")),)
    except Exception as error:  # a fault of the engine fails its own shop, never the run
        told = f"{type(error).__name__}: {error}"
        files[TRACE] = traceback.format_exc().encode("utf-8", "backslashreplace")
        words = Text(
            f"引擎的缺陷，请附上 {job.name}/{TRACE} 反馈：{told}",
            f"a fault of the engine, please report it with {job.name}/{TRACE}: {told}",
        )
        remarks = (error_remark("E-INTERNAL", words),)
    return without_plan(job, key, Status.FAILED, remarks), files


def _planned(job: Job, orders: Orders, key: str) -> tuple[ShopRecord, dict[str, bytes]]:
    content = job.shop.read_bytes()
    shop = parse_shop(content, file=job.shop.name)
    if not job.reports:
        return without_plan(job, key, Status.SKIPPED, (error_remark("E-NO-REPORT", NO_REPORT),)), {}
    plan = _plan(shop, job, orders, content)
    record = ShopRecord(
        name=job.name,
        key=key,
        status=Status.OK,
        shop=shop.shop.name,
        category=shop.shop.category,
        remarks=tuple(Remark(code=n.code, severity=n.severity.value, text=n.text) for n in plan.notices),
        figures=figures_of(plan),
    )
    return record, plan_files(plan, orders.language, full=orders.full, library=FROM_A_SHOP, summary=SUMMARY_FROM_A_SHOP)


def _plan(shop: Shop, job: Job, orders: Orders, content: bytes) -> Plan:
    report, imported = read_reports_of(shop, job.reports)
    own = InputFile(name=job.shop.name, sha256=hashlib.sha256(content).hexdigest(), rows=content.count(b"\n"))
    return make_plan(
        shop,
        default_policy(shop) if orders.policy is None else orders.policy,
        report,
        orders.date,
        notices=import_notices(imported),
        inputs=[*report_inputs(imported), own, *(file for file in (orders.policy_file, orders.calendar) if file)],
        settings=SETTINGS,
        category=orders.category_prior(shop.shop.category),
        festivals=orders.festivals,
    )


def figures_of(plan: Plan) -> Figures:
    """The plan in short."""
    before = next((way for way in plan.comparisons if way.name == YESTERDAY), None)
    spent = [cell.yesterday_fen for cell in plan.cells if cell.yesterday_fen is not None]
    grades = [cell.grading.grade for cell in plan.cells]
    other = shop_frontier(plan)
    return Figures(
        budget_fen=plan.budget_fen,
        planned_fen=plan.planned_fen,
        expected_net_fen=sum(cell.expected_net_fen for cell in plan.cells),
        yesterday_fen=sum(spent) if spent else None,
        yesterday_net_fen=None if before is None else before.expected_net_fen,
        gap=plan.certificate.gap,
        grades=tuple(grades.count(grade) for grade in Grade),
        binding=tuple(limit.name for limit in plan.binding),
        frontier=other.frontier,
        beyond=other.beyond,
        least=other.least,
        own_rebates=any(is_rebate(option) for option in plan.problem.options),
    )
