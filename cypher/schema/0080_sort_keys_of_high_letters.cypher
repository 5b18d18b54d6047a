// purpose: sort keys in which no letter is above U+FFFF, for people of before
// params:
// returns:
// access: write
// engine/conversions.py does it, under this migration's claim: no Cypher tells a letter's number
RETURN 1 AS claimed
