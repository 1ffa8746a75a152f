"""Default tables of the amount rules (domain §5.1, §5.2): practice found elsewhere, to be replaced by the documents of
each place. Money in fen."""

SOURCE = "示范数据：参照各地通行做法，正式使用前请换成本地文件"
REGION = "610000"
TABLES: tuple[tuple[str, object], ...] = (
    ("mutual_hospital", {
        "kind": "marginal", "cap_year_fen": 3_000_000,
        "tiers": [
            {"to_fen": 500_000, "percent": 20}, {"to_fen": 2_000_000, "percent": 30},
            {"to_fen": 5_000_000, "percent": 40}, {"percent": 50},
        ],
    }),
    # The hospital plan: wait of a first cover, gap in which a renewal has no wait, days to file, years after which
    # nothing can be claimed, least level of the hospital (domain §5.1).
    ("mutual_plan", {
        "plan": "hospital", "wait_days": 30, "renewal_gap_days": 30, "file_days": 60, "late_years": 2, "least_level": 2,
        "excluded_causes": ["work_injury"],
    }),
    # Above these the route is longer: a claim is reviewed, medical aid is discussed by several (domain §5.2, §5.8).
    ("fast_track_mutual", 300_000),
    ("joint_decision_medical", 1_000_000),
    # Percent of the basic wage; told to who joins.
    ("union_dues", {"percent": "0.5"}),
    # The critical-illness plan: a lump sum a share; nothing in the first 30 days of a first cover, a part to day 90;
    # the diseases by ICD-10 (domain §5.1).
    ("mutual_critical", {"kind": "shares", "share_fen": 1_000_000, "shares_most": 3}),
    ("mutual_plan_critical", {
        "plan": "critical", "wait_days": 30, "reduced_days": 90, "reduced_percent": 50, "renewal_gap_days": 30,
        "late_years": 2, "least_level": 2,
        "diseases": [
            "C", "D32", "D33", "I21", "I60", "I61", "I63", "I71", "I05", "N18.5", "N18.6", "B15.0", "K72", "G00", "G20",
            "G30", "D61", "T31",
        ],
    }),
    ("approval_levels_mutual", {"county": 2_000_000, "city": None}),
    ("approval_levels_medical", {"county": 2_000_000, "province": 5_000_000, "national": None}),
    ("medical_aid", {
        "deep": {"kind": "rate", "percent": 100, "cap_year_fen": 2_000_000},
        "relative": {"kind": "rate", "percent": 80, "cap_year_fen": 1_600_000},
        "accidental": {"kind": "rate", "percent": 80, "cap_year_fen": 1_600_000},
    }),
    ("tuition_aid", {"kind": "fixed", "sums": {"key_university": 500_000, "other": 300_000}}),
    # Subsidy of a lawyer by the way a case was handled (domain §5.4).
    ("legal_aid_fee", {"kind": "fixed", "per": "event", "sums": {
        "advice": 10_000, "drafting": 20_000, "mediation": 80_000, "arbitration": 150_000, "litigation": 200_000,
        "other": 10_000,
    }}),
    ("temporary_aid", {"kind": "rate", "percent": 100, "per": "event", "cap_year_fen": 300_000}),
)
