// purpose: a practice's locations are found together; they are few
// params:
// returns:
// access: write
CREATE INDEX location_practice IF NOT EXISTS FOR (l:Location) ON (l.practice)
