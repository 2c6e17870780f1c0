package gdrive

user := data.entity[input.principal]

above := data.above[input.resource]

reason contains "view" if {
	input.action == "read"
	above[user.documentsAndFoldersWithViewAccess]
}

reason contains "public" if {
	input.action == "read"
	data.entity[input.resource].isPublic
}

reason contains "owner" if {
	input.action in {"read", "write", "share"}
	some document in user.ownedDocuments
	above[document]
}

reason contains "owner" if {
	input.action in {"read", "write", "share"}
	some folder in user.ownedFolders
	above[folder]
}

reason contains "change-owner" if {
	input.action == "changeOwner"
	input.resource in user.ownedDocuments
}

reason contains "create" if {
	input.action == "createDocument"
	input.resource in user.ownedFolders
}
