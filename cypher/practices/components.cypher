// purpose: which engine and version answers; for doctor
// params:
// returns: name, versions, edition
// access: read
CALL dbms.components() YIELD name, versions, edition
RETURN name, versions, edition
