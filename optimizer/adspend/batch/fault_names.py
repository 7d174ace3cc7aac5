"""What the faults are called that can leave a shop without a plan: short enough for a filter."""

from __future__ import annotations

from adspend_datasets.text import Text

FAULT_NAMES = {
    # the run
    "E-INTERNAL": Text("引擎的缺陷", "fault of the engine"),
    "E-IO": Text("文件无法读取", "file cannot be read"),
    "E-NO-REPORT": Text("没有报表", "no report"),
    "E-QUARANTINE": Text("进程反复终止", "process died"),
    # the shop file
    "E-KEY-MISSING": Text("店铺文件缺少必填项", "key missing in the shop file"),
    "E-KEY-UNKNOWN": Text("店铺文件有多余或拼错的项", "unknown key in the shop file"),
    "E-PROFILE": Text("平台名或平台文件有误", "wrong platform or profile"),
    "E-SLOT-OVERLAP": Text("时段重叠", "slots overlap"),
    "E-TOML": Text("店铺文件格式错误", "shop file is not TOML"),
    "E-VALUE": Text("店铺文件的值有误", "wrong value in the shop file"),
    # the plan
    "E-PLAN-CHECK": Text("计划未过独立检验", "plan failed the checker"),
    "E-PLAN-CONFLICT": Text("限制互相冲突", "limits in conflict"),
    "E-PLAN-LOCKS": Text("锁定预算超出总额", "locks beyond the budget"),
    # what the report is about
    "E-REPORT-DATE": Text("报表都在计划日之后", "report of later days"),
    "E-REPORT-GMV": Text("报表没有 GMV", "report without GMV"),
    "E-REPORT-SHOP": Text("像是别店的报表", "report of another shop"),
    # the report's file
    "E-CSV-DELIM": Text("分隔符无法识别", "delimiter unknown"),
    "E-CSV-QUOTE": Text("引号不成对", "quotes unpaired"),
    "E-CSV-WIDTH": Text("行的格数不对", "row of a wrong width"),
    "E-FILE-AGAIN": Text("同一文件重复", "same file twice"),
    "E-FILE-CHANGED": Text("文件读取时被改动", "file changed while read"),
    "E-FILE-COLS": Text("列数过多", "too many columns"),
    "E-FILE-EMPTY": Text("空文件", "empty file"),
    "E-FILE-ENC": Text("编码无法识别", "encoding unknown"),
    "E-FILE-HTML": Text("文件是网页", "file is a web page"),
    "E-FILE-KIND": Text("不是报表文件", "not a report file"),
    "E-FILE-MISSING": Text("文件不存在", "file missing"),
    "E-FILE-PASSWORD": Text("文件有密码", "file has a password"),
    "E-FILE-ROWS": Text("行数过多", "too many rows"),
    "E-FILE-SIZE": Text("文件过大", "file too large"),
    "E-FILE-XLS": Text("老式 .xls 文件", "old .xls file"),
    "E-FILE-ZIP": Text("工作簿损坏", "workbook damaged"),
    "E-TABLE-EMPTY": Text("报表没有数据行", "no data rows"),
    "E-XLSX-ERROR": Text("公式出错", "formula error"),
    "E-XLSX-FORMULA": Text("公式未计算", "formula not calculated"),
    "E-XLSX-MERGED": Text("有合并单元格", "merged cells"),
    "E-XLSX-SHEETS": Text("多个工作表像报表", "several report sheets"),
    # its columns
    "E-HEADER-MISSING": Text("缺列", "column missing"),
    "E-HEADER-TWICE": Text("列名重复", "column twice"),
    "E-HEADER-UNKNOWN": Text("表头无法识别", "header unknown"),
    "E-UNIT-HEADER": Text("列名单位不符", "unit differs in the header"),
    # its values
    "E-AMOUNT": Text("金额或数字有误", "wrong number"),
    "E-AMOUNT-NEG": Text("数值为负", "negative value"),
    "E-BASIS": Text("成交口径有误", "wrong basis"),
    "E-BASIS-MIXED": Text("成交口径混用", "bases mixed"),
    "E-COUNT": Text("次数不是整数", "count is not whole"),
    "E-CURRENCY": Text("币种不符", "other currency"),
    "E-DATE": Text("日期有误", "wrong date"),
    "E-DATE-RANGE": Text("日期是一段区间", "dates not by day"),
    "E-DATE-YEAR": Text("日期缺年份", "date without a year"),
    "E-ID-PREC": Text("编号丢了位数", "id lost digits"),
    "E-RATE-MIXED": Text("比率写法不一", "rates written in two ways"),
    "E-SCHEMA": Text("数据不合规", "data break a law"),
    "E-TEXT": Text("名称有误", "wrong name"),
    "E-TEXT-EMPTY": Text("名称为空", "name missing"),
    "E-TIME": Text("时间有误", "wrong time"),
    # how its rows fit together and to the shop
    "E-CUM-DOWN": Text("累计值变小", "running total falls"),
    "E-CUM-GAP": Text("累计值中断", "gap in a running total"),
    "E-DUP-CONFLICT": Text("重复行数字不同", "repeated rows differ"),
    "E-DUP-GRAIN": Text("全天与分时混用", "days and hours mixed"),
    "E-MAP-UNMATCHED": Text("计划未对应人群", "plans without a segment"),
    "E-SHOP": Text("别家店铺的行", "rows of another shop"),
    "E-SLOT-GRAIN": Text("数据跨时段", "row across slots"),
    "E-TOTAL": Text("合计对不上", "totals differ"),
    "E-UNIT-CPM": Text("千次展现成本异常，疑单位错误", "cost per mille, unit error likely"),
    "E-UNIT-JUMP": Text("数值突变，疑单位错误", "jump, unit error likely"),
}
