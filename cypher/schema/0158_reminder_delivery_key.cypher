// purpose: an address is sent one message of a rule about an appointment at a time
// params:
// returns:
// access: write
CREATE CONSTRAINT reminder_delivery_key IF NOT EXISTS FOR (d:ReminderDelivery) REQUIRE d.key IS UNIQUE
