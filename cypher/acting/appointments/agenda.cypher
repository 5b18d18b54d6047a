// purpose: a page of the practice's appointments between two moments, by their start
// params: practice: STRING, above: STRING, below: STRING, practitionerIds: LIST<STRING>|NULL, locationIds: LIST<STRING>|NULL, size: INTEGER, appointment: LIST<STRING>
// returns: appointment
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (a:Appointment)
WHERE a.timeKey > $above AND a.timeKey < $below AND a.practice IN [$practice]
  AND ($practitionerIds IS NULL OR a.practitionerId IN $practitionerIds)
  AND ($locationIds IS NULL OR a.locationId IN $locationIds)
RETURN [k IN $appointment | a[k]] AS appointment
ORDER BY a.timeKey
LIMIT $size
