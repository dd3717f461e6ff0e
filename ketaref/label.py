"""The label that every output carries, and the texts that say what this reference is for."""

LABEL = "Reference information, not prescribing guidance."

INTENDED_USER = "licensed clinicians and pharmacists"
INTENDED_USE = (
    "to look up ranges published for ketamine and esketamine in anxiety in adults, with their "
    "sources and how they stand, and the arithmetic for a body weight"
)
LIMITS = (
    "About adults only.",
    "Not for emergencies, overdose or anaesthesia: use local protocol.",
    "Not for patients.",
    "Not considered: age, organ function, pregnancy, interactions, other conditions, formulation.",
    "A range is what a source says, not what a patient should have. It is always shown whole.",
    "Regulatory status: not assessed in any jurisdiction.",
    "Bounds on weights and strengths are engineering choices, not clinical ones.",
    "No patient data is asked for, kept or sent; nothing is written but what -o and --rows name.",
    "An audit works in a temporary folder and removes it; standard input is kept there meanwhile.",
)
NOTICE = (
    f"{LABEL} For {INTENDED_USER}; about adults; not for emergencies; not for patients. Not "
    "considered: age, organ function, pregnancy, interactions, other conditions, formulation. "
    "Regulatory status not assessed in any jurisdiction. See data.clinical_review for whether a "
    "clinician has reviewed it."
)
