// purpose: how many threads of all practices a message master wraps; for the command line
// params: master: STRING
// returns: threads
// access: read
MATCH (t:Thread {wrappedWith: $master})
RETURN count(*) AS threads
