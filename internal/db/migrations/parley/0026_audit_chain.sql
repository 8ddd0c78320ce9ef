-- What makes the audit trail one that can't be changed unnoticed: each line has a
-- number, the sum of what it says, and a hash over that and the hash before it.
-- Lines of people who were deleted for good go; their sums stay.
CREATE TABLE parley_audit_chain (
    n BIGINT NOT NULL,
    auditid VARCHAR(26) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    CONSTRAINT parley_audit_chain_pkey PRIMARY KEY (n)
);
CREATE INDEX parley_audit_chain_auditid ON parley_audit_chain (auditid);
