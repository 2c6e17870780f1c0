package github

permissions := data.above[input.principal]

repository := data.entity[input.resource]

organization := data.entity[repository.owner]

# What each action is in, as the schema says.
within := {
	"admin": {"admin"},
	"maintain": {"maintain", "admin"},
	"write": {"write", "maintain", "admin"},
	"triage": {"triage", "write", "maintain", "admin"},
	"read": {"read", "triage", "write", "maintain", "admin"},
}[input.action]

reason contains "read" if {
	input.action == "read"
	permissions[repository.readers]
}

reason contains "triage" if {
	within.triage
	permissions[repository.triagers]
}

reason contains "write" if {
	within.write
	permissions[repository.writers]
}

reason contains "maintain" if {
	within.maintain
	permissions[repository.maintainers]
}

reason contains "admin" if {
	within.admin
	permissions[repository.admins]
}

reason contains "org-read" if {
	input.action == "read"
	permissions[organization.readers]
}

reason contains "org-write" if {
	within.write
	permissions[organization.writers]
}

reason contains "org-admin" if {
	within.admin
	permissions[organization.admins]
}
