-- migrate:up
SET lock_timeout = '2s';
ALTER TABLE payments ADD CONSTRAINT payments_amount_positive CHECK (amount > 0) NOT VALID;
ALTER TABLE payments VALIDATE CONSTRAINT payments_amount_positive;

-- migrate:down
ALTER TABLE payments DROP CONSTRAINT payments_amount_positive;
