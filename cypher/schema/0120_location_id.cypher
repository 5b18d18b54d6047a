// purpose: a location's id is unique
// params:
// returns:
// access: write
CREATE CONSTRAINT location_id IF NOT EXISTS FOR (l:Location) REQUIRE l.id IS UNIQUE
