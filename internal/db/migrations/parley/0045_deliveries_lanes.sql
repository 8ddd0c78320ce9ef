-- What waits for one integration at one of its hosts stands in one lane, so that
-- thousands that wait for one that is down are neither read nor moved when others
-- are looked for.
ALTER TABLE parley_deliveries ADD COLUMN lane TEXT NOT NULL DEFAULT '';
UPDATE parley_deliveries SET lane = ofid WHERE state = 'waiting';
DROP INDEX parley_deliveries_state;
CREATE INDEX parley_deliveries_waiting ON parley_deliveries (lane, nextat) WHERE state = 'waiting';
