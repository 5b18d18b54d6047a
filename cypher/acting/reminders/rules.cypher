// purpose: a practice's rules of reminders, and its quiet hours
// params: practice: STRING, rule: LIST<STRING>, quiet: LIST<STRING>
// returns: rules, quiet
// access: read
MATCH (n:Practice {id: $practice})
RETURN [k IN $quiet | n[k]] AS quiet,
  COLLECT { MATCH (r:ReminderRule {practice: $practice}) RETURN [k IN $rule | r[k]] } AS rules
