// purpose: a text that a gateway has taken is one reminder
// params:
// returns:
// access: write
CREATE CONSTRAINT reminder_delivery_gateway_key IF NOT EXISTS FOR (d:ReminderDelivery) REQUIRE d.gatewayKey IS UNIQUE
