package tinytodo

teams := data.above[input.principal]

list := data.entity[input.resource]

reason contains "0" if {
	input.action in {"CreateList", "GetLists"}
	input.resource == "Application::TinyTodo"
}

reason contains "1" if {
	list.owner == input.principal
}

reason contains "2" if {
	input.action == "GetList"
	teams[list.readers]
}

reason contains "2" if {
	input.action == "GetList"
	teams[list.editors]
}

reason contains "3" if {
	input.action in {"UpdateList", "CreateTask", "UpdateTask", "DeleteTask"}
	teams[list.editors]
}
