"""
The verifier's sentences (核验说明): what each error means to the person who holds the bundle.

Source: vdraw/1 §16.
"""

from __future__ import annotations

from drawcore.errors import DrawError

_REASONS = {
    "missing": "缺少必备文件",
    "unknown-file": "核验包内不应有此文件",
    "not-a-file": "不是普通文件",
    "too-large": "文件过大",
    "too-many-files": "文件过多",
    "unreadable": "无法读取",
    "not-ascii": "含有不允许的字符",
    "not-utf-8": "不是 UTF-8 文本",
    "no-final-newline": "末行没有换行或文件不完整",
    "bad-row": "该行格式不正确",
    "bad-line": "该行格式不正确",
    "not-sorted": "各行没有按规定排序",
    "key-twice": "同一编码出现两次",
    "person-twice": "同一人员出现两次",
    "not-json": "不是 JSON 文件",
    "not-canonical": "不是规范化 JSON",
    "duplicate-key": "同一键出现两次",
    "unknown-key": "有不认识的键",
    "missing-key": "缺少必备的键",
    "not-as-computed": "与重新计算的结果不一致",
    "not-a-checkpoint": "不是检查点",
    "not-a-signed-note": "签名行格式不正确",
    "no-stratum-n": "没有为未分类（N）规定抽取比例",
}
_RULES = {
    "first-attempt-without-prev": "首次抽取不应有上一次，重抽必须写明上一次",
    "deadlines-ascending": "封存、锁定、开启的时间没有依次推后",
    "beacon-round": "公开随机数的期号格式不正确",
    "beacon-time": "公开随机数的时间与规定不符",
    "level-needs-beacon": "二、三级抽取必须有公开随机数",
    "persons-distinct": "同一人员出现两次",
    "one-initiating-office": "发起人应当属于同一个科室",
    "supervisor-of-another-office": "监督人必须来自发起科室以外",
    "level-needs-witness": "二、三级抽取必须有见证人",
    "witness-of-another-office": "见证人不得来自发起科室",
    "enough-reveals": "要求开启的份额数不正确",
    "level-1-needs-custodian": "一级抽取必须有电子信封保管人",
    "suite": "杂凑算法与封存不一致",
    "seal-hash": "封存值不一致",
    "persons-in-order": "人员与封存不一致",
    "commitment-of-a-stranger": "有封存名单以外的人锁定",
    "min-reveals": "开启的份额不足",
    "share-not-as-committed": "开启的份额与锁定值不一致",
    "commitment-differs": "锁定值不一致",
    "absent-without-beacon": "没有公开随机数时，锁定的份额必须开启",
    "share-form": "份额格式不正确",
    "server-share-form": "服务器份额格式不正确",
    "beacon-kind": "公开随机数与封存的种类或期号不一致",
    "beacon-value": "公开随机数格式不正确",
}
_MISMATCHES = {
    "seal-hash": "封存值不一致",
    "approval-code": "审批核对码与审批表不一致",
    "plan-hash": "方案与封存的方案不一致",
    "list-root": "名单与封存的名单不一致",
    "server-hash": "服务器份额与封存时不一致",
    "server-share": "服务器份额与种子文件不一致",
    "receipt": "抽取凭证与核验包不一致",
    "receipt-log": "抽取凭证所记日志位置与检查点不一致",
    "order": "日志先后次序不正确",
    "chain": "日志前后条目没有衔接",
    "sources": "日志中锁定或开启的人员与文件不一致",
    "commit-late": "有份额在截止后锁定",
    "reveal-late": "有份额在截止后开启",
    "before-seal": "日志早于封存的时间",
    "open-early": "还有人没有锁定，开启早于锁定截止",
    "envelope-early": "信封早于开启截止",
    "beacon-early": "公开随机数早于规定时间",
    "drawn-early": "抽取早于规定时间",
    "proofs-size": "包含证明与检查点的日志长度不一致",
    "proofs-entries": "包含证明与日志条目不对应",
    "inclusion": "日志条目不在检查点之内",
    "signature": "检查点没有该公钥的有效签名",
    "number": "公开随机数与所提供的不一致",
    "successor": "变更后的人选或对象与规则不一致",
    "mode": "变更方式与选派方式不符",
    "attempts": "历次抽取的编号不正确",
}
_CODES = {
    "draw.suite-missing": "本机不支持杂凑算法 {suite}，不能核验",
    "draw.attempt-refused": "重抽没有保持不变：第{attempt}次之后 {rule} 不符合规定",
    "draw.nobody-left": "变更不成立：{entity} {what} 没有可以递补的",
    "draw.change-refused": "变更不成立：{about}（{rule}）",
    "sealing.empty-frame": "待抽名单为空",
    "sealing.empty-part": "{part} 没有任何检查对象",
    "sealing.nobody-drawn": "{part} 一户也不抽",
    "sealing.stratum-unnamed": "{part} 没有规定分类 {stratum} 的抽取数量",
    "sealing.total-unreachable": "{part} 的总数无法分配，还差{left}户",
    "sealing.floor-missed": "{part} 抽{drawn}户，少于法定下限{floor}户",
    "sealing.tag-refused": "{entity} 的标签 {tag} 不正确",
    "sealing.entity-of-no-part": "{entity} 不属于任何抽查部分",
    "sealing.exclusion-refused": "排除名单 {entity} {part} 不符合方案（{rule}）",
    "sealing.no-slot": "{entity} 在 {part} 中没有适用的检查人员席位",
    "sealing.too-few-officers": "{unit} 的 {entity} 席位 {slot} 可选派{eligible}人，至少需要{needed}人",
    "sealing.too-few-teams": "{unit} 的 {entity} 部门 {dept} 可派{teams}组，至少需要{needed}组",
    "sealing.team-refused": "部门 {dept} 固定编组 {team} 不符合规定（{rule}）",
}


NOT_A_DIRECTORY = "不是目录：{path}。如果是压缩包，请先解压，再核验解压后的目录"
BEYOND = "核验包超出核验程序能处理的范围（{what}）"
LONGEST = 1000


def plain(text: str) -> str:
    """Make *text* safe to print: one line, no control characters, not too long; a bundle may hold anything."""
    shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:LONGEST])
    return shown if len(text) <= LONGEST else shown + "…"


def sentence(error: DrawError) -> str:
    """Say in Chinese what *error* means."""
    values = {name: str(value) for name, value in error.data.items()}
    if error.code == "draw.file-refused":
        place = f" {values['where']}" if values["where"] else ""
        return f"{values['file']}{place}：{_REASONS.get(values['reason'], '内容不符合规定格式')}"
    if error.code == "draw.mismatch":
        place = f"：{values['where']}" if values["where"] else ""
        return _MISMATCHES.get(values["what"], f"日志条目 {values['what']} 与核验包不一致") + place
    if error.code in ("draw.seal-refused", "draw.seed-refused"):
        who = f"：{values['source']}" if values.get("source") else ""
        return _RULES[values["rule"]] + who
    return _CODES[error.code].format_map(values)
