"""
Labels of the target directory and the codes they mean (主体类别、登记状态、年报状态; data_standards.md §2–§3).

Every label is looked up; one that is not here is told, never read as 存续 or as an enterprise.
"""

from __future__ import annotations

ENTERPRISE = "enterprise"
INDIVIDUAL = "individual_business"
COOPERATIVE = "farmer_cooperative"
FOREIGN_OFFICE = "foreign_rep_office"
PRODUCT, PROJECT, PLACE = "product", "project", "place"

SUBJECT_KINDS = frozenset({ENTERPRISE, INDIVIDUAL, COOPERATIVE, FOREIGN_OFFICE})
KINDS = SUBJECT_KINDS | {PRODUCT, PROJECT, PLACE}

KIND_OF = {
    **{kind: kind for kind in KINDS},
    "企业": ENTERPRISE,
    "内资企业": ENTERPRISE,
    "外资企业": ENTERPRISE,
    "私营企业": ENTERPRISE,
    "企业分支/代表机构": ENTERPRISE,
    "企业分支机构": ENTERPRISE,
    "分支机构": ENTERPRISE,
    "分公司": ENTERPRISE,
    "公司": ENTERPRISE,
    "个人独资企业": ENTERPRISE,
    "合伙企业": ENTERPRISE,
    "个体": INDIVIDUAL,
    "个体户": INDIVIDUAL,
    "个体工商户": INDIVIDUAL,
    "合作社": COOPERATIVE,
    "农民专业合作社": COOPERATIVE,
    "农民专业合作社联合社": COOPERATIVE,
    "农民专业合作社(联合社)": COOPERATIVE,
    "农专": COOPERATIVE,
    "外国企业常驻代表机构": FOREIGN_OFFICE,
    "外国(地区)企业常驻代表机构": FOREIGN_OFFICE,
    "产品": PRODUCT,
    "项目": PROJECT,
    "工程项目": PROJECT,
    "场所": PLACE,
    "学校": PLACE,
    "幼儿园": PLACE,
    "单位食堂": PLACE,
    "学校食堂": PLACE,
    "医疗机构": PLACE,
    "养老机构": PLACE,
}

UNKNOWN = "unknown"

STATUS_OF = {
    **{
        code: code
        for code in ("existing", "suspended", "revoked", "deregistered", "annulled", "moved_out", UNKNOWN)
    },
    "存续": "existing",
    "存续(在营、开业、在册)": "existing",
    "在营": "existing",
    "在业": "existing",
    "开业": "existing",
    "在册": "existing",
    "在营(开业)企业": "existing",
    "在营(开业)": "existing",
    "正常": "existing",
    "注销中": "existing",
    "歇业": "suspended",
    "吊销": "revoked",
    "吊销未注销": "revoked",
    "吊销,未注销": "revoked",
    "已吊销": "revoked",
    "吊销已注销": "deregistered",
    "吊销,已注销": "deregistered",
    "注销": "deregistered",
    "已注销": "deregistered",
    "撤销": "annulled",
    "撤销登记": "annulled",
    "迁出": "moved_out",
    "已迁出": "moved_out",
    "待核": UNKNOWN,
}

REPORT_OF = {
    "filed": "filed",
    "missing": "missing",
    "已年报": "filed",
    "已公示": "filed",
    "已报": "filed",
    "是": "filed",
    "未年报": "missing",
    "逾期": "missing",
    "逾期未报": "missing",
    "未报": "missing",
    "否": "missing",
}

#: Second character of an 18-character code of market regulation (data_standards.md §1).
_KIND_OF_HEAD = {"91": ENTERPRISE, "92": INDIVIDUAL, "93": COOPERATIVE}


def kind_of_number(*, uscc: str, old_number: str, name: str) -> str | None:
    """
    The kind that a subject's number and name tell; None when they do not.

    Of fifteen digits the seventh says it: 6 to 9 are individual businesses, 0 to 5 enterprises of all kinds.

    >>> kind_of_number(uscc="92350524MA0000015F", old_number="", name="演示小吃店")
    'individual_business'
    """
    if uscc:
        return _KIND_OF_HEAD.get(uscc[:2])
    if "专业合作社" in name:
        return COOPERATIVE
    if len(old_number) == 15:
        return INDIVIDUAL if old_number[6] in "6789" else ENTERPRISE
    if old_number.startswith("企") or "公司" in name:  # an individual business may not be called 公司
        return ENTERPRISE
    return None
