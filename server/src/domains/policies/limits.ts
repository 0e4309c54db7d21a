/** Rules of one layer that may be active or in shadow at once. */
export const RULES_MAX = 100

/** Standing grants of one identity that may be live at once. */
export const GRANTS_MAX = 100

/** Days that a standing grant may last. */
export const GRANT_DAYS_MAX = 90

/** Characters of a rule: more than any rule needs, and too few to nest the parser to death. */
export const RULE_TEXT_MAX = 4_000
