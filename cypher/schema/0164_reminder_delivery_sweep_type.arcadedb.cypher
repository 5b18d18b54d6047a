// purpose: the embedded engine finds a range of this index only when it knows the key's type
// params:
// returns:
// access: write
CREATE CONSTRAINT reminder_delivery_sweep_type IF NOT EXISTS FOR (d:ReminderDelivery) REQUIRE d.sweepKey IS :: STRING
