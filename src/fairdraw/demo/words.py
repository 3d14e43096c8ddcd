"""
Words that names of the invented county are made of (演示县). Nothing here names a real place or firm.

The towns' names do not occur in the official divisions; shop signs join two rare pleasant characters,
the trade, and 「演示」 stands in every registered name.
"""

from __future__ import annotations

TOWNS = (
    "云栖", "松岚", "石溪", "鹤岭", "竹隐", "星渡", "禾川", "青屏", "雁洲", "月泉", "枫畔", "兰谷",
    "溪桥", "霞浦口", "柳汀", "银坑", "梅坞", "沙渚", "双岫", "古樟", "龙吟", "白鹭湾", "丰禾", "望岳",
)  # fmt: skip
STATIONS = (
    ("sc01", "云栖市场监管所", ("云栖",)),
    ("sc02", "松岚市场监管所", ("松岚",)),
    ("sc03", "石溪市场监管所", ("石溪", "溪桥")),
    ("sc04", "鹤岭市场监管所", ("鹤岭", "霞浦口")),
    ("sc05", "竹隐市场监管所", ("竹隐", "柳汀")),
    ("sc06", "星渡市场监管所", ("星渡", "银坑")),
    ("sc07", "禾川市场监管所", ("禾川", "梅坞")),
    ("sc08", "青屏市场监管所", ("青屏", "沙渚")),
    ("sc09", "雁洲市场监管所", ("雁洲", "双岫")),
    ("sc10", "月泉市场监管所", ("月泉", "古樟")),
    ("sc11", "枫畔市场监管所", ("枫畔", "龙吟")),
    ("sc12", "兰谷市场监管所", ("兰谷", "白鹭湾")),
    ("sc13", "丰禾市场监管所", ("丰禾", "望岳")),
)
# How the subjects spread over the towns: the county seat first, as in real registers.
TOWN_WEIGHTS = (
    200,
    130,
    80,
    70,
    60,
    55,
    50,
    45,
    40,
    35,
    30,
    28,
    25,
    22,
    20,
    18,
    16,
    14,
    12,
    12,
    10,
    10,
    9,
    9,
)
SIGN_FIRST = "锦禾沐岚晟翊瑾芃澜霁昱珩煜筠汀屿晗朔琅沅"
SIGN_SECOND = "舟野川棠禾序庭澍岑渔麓桁瓴砚笙陌栎苒峤霖"
# trade word, industry code (GB/T 4754-2017), business scope, tags
TRADES = (
    ("茶业", "C1530", "茶叶加工；茶叶销售；食用农产品批发。", ("food_production",)),
    ("食品", "C1411", "食品生产；食品销售。", ("food_production", "food_sale")),
    ("商贸", "F5219", "日用百货销售；食品销售；文具用品零售。", ("food_sale",)),
    ("超市", "F5211", "食品销售；日用百货销售；烟草制品零售。", ("food_sale",)),
    ("餐饮管理", "H6210", "餐饮服务；外卖递送服务。", ("catering",)),
    (
        "酒店",
        "H6121",
        "住宿服务；餐饮服务；特种设备（电梯）使用。",
        ("catering", "hotel", "special_equipment"),
    ),
    ("广告传媒", "L7251", "广告设计、代理；广告发布；广告制作。", ("advertising",)),
    ("药房", "F5251", "药品零售；医疗器械销售；保健食品销售。", ("pharmacy", "medical_device_sale")),
    ("机械", "C3429", "机械零件加工；通用设备制造；特种设备使用。", ("special_equipment",)),
    ("建材", "F5165", "建筑材料销售；五金产品批发。", ("product_quality",)),
    ("电子商务", "F5292", "互联网销售；网络技术服务。", ("ecommerce",)),
    ("物业服务", "K7020", "物业管理；停车场服务；电梯日常管理。", ("special_equipment",)),
    ("汽车服务", "O8111", "机动车修理和维护；汽车零配件零售。", ("car_repair",)),
    ("教育咨询", "P8399", "教育咨询服务；文化用品零售。", ("tutoring",)),
    ("加油站", "F5265", "成品油零售；便利店销售。", ("filling_station", "metrology", "special_equipment")),
    ("检测技术", "M7450", "检验检测服务；计量技术服务。", ("testing_body", "metrology")),
    ("农业发展", "A0159", "蔬菜种植；水果种植；农产品初加工。", ("agriculture",)),
    ("家居", "C2190", "家具制造；家具销售。", ("product_quality",)),
    ("服饰", "C1819", "服装制造；服装零售。", ("product_quality",)),
    ("信息科技", "I6513", "软件开发；信息系统集成服务。", ()),
    ("企业管理", "L7219", "企业管理咨询；商务代理代办服务。", ()),
    ("工艺品", "C2435", "工艺美术品制造；工艺品销售。", ("product_quality",)),
)
TRADE_WEIGHTS = (70, 30, 160, 25, 40, 12, 35, 22, 60, 70, 60, 20, 30, 25, 6, 4, 60, 40, 45, 90, 70, 45)
SHOPS = (
    ("小吃店", "H6291", "餐饮服务。", ("catering",)),
    ("便利店", "F5213", "食品销售；日用百货销售。", ("food_sale",)),
    ("茶叶店", "F5226", "茶叶零售；食品销售。", ("food_sale",)),
    ("服装店", "F5232", "服装零售。", ("product_quality",)),
    ("理发店", "O8040", "理发及美容服务。", ()),
    ("五金店", "F5274", "五金产品零售。", ("product_quality",)),
    ("水果店", "F5223", "水果零售。", ("food_sale",)),
    ("汽修店", "O8111", "机动车修理。", ("car_repair",)),
)
SHOP_WEIGHTS = (30, 30, 12, 10, 8, 6, 6, 4)
SURNAMES = "程陆沈顾宋邵秦孟尹葛纪季房乔柯裴蓝骆盛樊"
GIVEN = "安宁和平立新文清远思明佳一凡书恒若谷嘉木子衿知行其琛"
