"""The log of vector 1 of the protocol (vdraw/1 §18): eight entries made from its values."""

from __future__ import annotations

from hashlib import sha256

from fairdraw.audit import rules

SEALED_AT = 1714200000
DRAW = "00000000-0000-4000-8000-000000000001"
SEAL = "6bb811465ff13276b9418bd48cd3e5efe1ee971aa7a681cefa33a015555b0b64"
COMMITS = {
    "p1": "04463699f1ff22bd63f498f485e3bfedf3e64c8c9e80d45147ce1e4258824125",
    "p2": "3f4329f0f7b24517a10a774cac0f49e330e35bf12006dc2d004559f26f3aaa92",
}
REVEALS = {
    "p1": ("d9bba20c1fc1c3db4260f2c8701efc49", "1314-5926-5358-9793"),
    "p2": (
        "18eb07bc8ab78894bd49bc36ff170a61",
        "123d60f2175f7b15cfe4157afa4ce1eec742a83db10eb71d9373a8c68f24f827",
    ),
}
SEED_HASH = "dc5c54d8a9429173693e68c9b6d3b3325345eccf881bd3150b6e7b70923c622c"
RESULT = "841bd925e3b19a8221993f5d5feca44ba6e26c9ccff4864afd864019aa732664"
ASSIGN = "5cc045ae41f1c6a440ec76b29047d4ef3e167b8bdaa87a199427a3c4621a30bc"
ROOT_3 = "d42bd4b01818fefe9f60ec21256fd4420b0093847ec695bc806d7aa7b173f212"
ROOT_8 = "204d8e2246a1a46949266b29a4f00197e13023eaf4207b455dba75733d03bdb1"
PATH_3_TO_8 = [
    "fd0ab8b1cfb582a772298f4549e4de12b9b41a44e53654d220286998f8b6ebf4",
    "72219c27d66dfcc9311be356152c659e2b51d27586b646700b9dd270d6cfcccb",
    "7e1eaceb458bad81b3e80ecfd30db49af236b1cdc9c70a57d12ebb66ea523f74",
    "f71d81cd0f02e3e0a921138c660f4c46a823780a10a9422f8285ef7e51a02381",
]
ORIGIN = "ssj.example.cn/log"
KEY = bytes(range(32))
PUBLIC_KEY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
CHECKPOINT = (
    "ssj.example.cn/log\n8\nIE2OIkahpGlJJmsppPABl+EwI+r0IHtFXbp1cz0DvbE=\n\n— ssj.example.cn/log "
    "G+lj5hd/ll7qBJ2ToCZXcZfKScU5+JTLWDVvwLd8dOoFlVJ/tHDxs2Skxf3lTUCOlIHMNrYpBlQlHQcPMK2lChlsyw8=\n"
)
EVENTS_SHA256 = "fffc0ac523a605246d5042c90ada9f0e62bd35237947788f10edc573854f5821"
PROOFS_SHA256 = "d78f7878100f57178313bded1244dadcb95c1d097f92dc6e741093a1933a3826"


def entries() -> list[bytes]:
    """The eight entries as bytes."""
    commits = sha256("".join(f"{who}\t{what}\n" for who, what in COMMITS.items()).encode()).hexdigest()
    (salt1, share1), (salt2, share2) = REVEALS.values()
    events = [
        (-60, "u:7", "register.snapshot", {"n": 10, "note": "初始名单"}),
        (0, "u:7", "draw.sealed", {"seal": SEAL}),
        (10, "u:7", "draw.commit", {"source": "p1", "commit": COMMITS["p1"]}),
        (11, "u:8", "draw.commit", {"source": "p2", "commit": COMMITS["p2"]}),
        (20, "system", "draw.reveals_open", {"commits": commits}),
        (21, "u:7", "draw.reveal", {"source": "p1", "salt": salt1, "share": share1}),
        (22, "u:8", "draw.reveal", {"source": "p2", "salt": salt2, "share": share2}),
        (31, "system", "draw.drawn", {"seed_hash": SEED_HASH, "result": RESULT, "assign": ASSIGN}),
    ]
    documents: list[bytes] = []
    prev = rules.FIRST_PREV
    for seq, (after, actor, kind, body) in enumerate(events):
        whole = body if seq == 0 else {"draw": DRAW, **body}
        documents.append(
            rules.entry_bytes(seq=seq, prev=prev, at=SEALED_AT + after, kind=kind, actor=actor, body=whole)
        )
        prev = rules.leaf(documents[-1])
    return documents
