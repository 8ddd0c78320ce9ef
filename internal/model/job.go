package model

// Values of Job.Type (reference: constants.tsv).
const (
	JobTypeAccessControlSync             = "access_control_sync"
	JobTypeActiveUsers                   = "active_users"
	JobTypeAutoTranslationRecovery       = "autotranslation_recovery"
	JobTypeCleanupDesktopTokens          = "cleanup_desktop_tokens"
	JobTypeDataRetention                 = "data_retention"
	JobTypeDeleteDMsPreferencesMigration = "delete_dms_preferences_migration"
	JobTypeDeleteEmptyDraftsMigration    = "delete_empty_drafts_migration"
	JobTypeDeleteExpiredPosts            = "delete_expired_posts"
	JobTypeDeleteOrphanDraftsMigration   = "delete_orphan_drafts_migration"
	JobTypeElasticsearchPostAggregation  = "elasticsearch_post_aggregation"
	JobTypeElasticsearchPostIndexing     = "elasticsearch_post_indexing"
	JobTypeExpiryNotify                  = "expiry_notify"
	JobTypeExportDelete                  = "export_delete"
	JobTypeExportProcess                 = "export_process"
	JobTypeExportUsersToCSV              = "export_users_to_csv"
	JobTypeExtractContent                = "extract_content"
	JobTypeImportDelete                  = "import_delete"
	JobTypeImportProcess                 = "import_process"
	JobTypeLastAccessibleFile            = "last_accessible_file"
	JobTypeLastAccessiblePost            = "last_accessible_post"
	JobTypeLDAPSync                      = "ldap_sync"
	JobTypeMessageExport                 = "message_export"
	JobTypeMigrations                    = "migrations"
	JobTypeMobileSessionMetadata         = "mobile_session_metadata"
	JobTypePlugins                       = "plugins"
	JobTypePostPersistentNotifications   = "post_persistent_notifications"
	JobTypeProductNotices                = "product_notices"
	JobTypePushProxyAuth                 = "push_proxy_auth"
	JobTypeRecap                         = "recap"
	JobTypeRefreshMaterializedViews      = "refresh_materialized_views"
	JobTypeResendInvitationEmail         = "resend_invitation_email"
	JobTypeS3PathMigration               = "s3_path_migration"
)

// Values of Job.Status.
const (
	JobStatusCancelRequested = "cancel_requested"
	JobStatusCanceled        = "canceled"
	JobStatusError           = "error"
	JobStatusInProgress      = "in_progress"
	JobStatusPending         = "pending"
	JobStatusSuccess         = "success"
	JobStatusWarning         = "warning"
)

// Job is a piece of background work.
type Job struct {
	ID             string    `json:"id"`
	Type           string    `json:"type"`
	Priority       int64     `json:"priority"`
	CreateAt       int64     `json:"create_at"`
	StartAt        int64     `json:"start_at"`
	LastActivityAt int64     `json:"last_activity_at"`
	Status         string    `json:"status"`
	Progress       int64     `json:"progress"` // 0 to 100; -1 when unknown
	Data           StringMap `json:"data"`
}

// Done tells whether the job has come to an end, good or bad.
func (j *Job) Done() bool {
	switch j.Status {
	case JobStatusSuccess, JobStatusError, JobStatusWarning, JobStatusCanceled:
		return true
	}
	return false
}
