# What is installed of the C API: header, shared and static library, and how pkg-config and CMake find them.
#
# The static library is one archive with all of ours in it, so that whoever links it needs to know of no other. What those need of other projects
# stands here once, for remit.pc (`pkg-config --static`) and for the CMake package; a test links it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(REMIT_PRIVATE_LIBRARIES -lfmt -lsimdjson -lre2 -licui18n -licuuc -lantlr4-runtime -lstdc++ -lm -lpthread)
if(REMIT_JIT)
  get_filename_component(folder ${REMIT_LLVM_LIBRARY} DIRECTORY)
  get_filename_component(name ${REMIT_LLVM_LIBRARY} NAME_WE)
  string(REGEX REPLACE "^lib" "-l" name ${name})
  list(PREPEND REMIT_PRIVATE_LIBRARIES -L${folder} ${name})
endif()

# `target` and our own libraries that it links, directly or not.
function(remit_collect target libraries)
  if(NOT target MATCHES "^remit_" OR NOT TARGET ${target} OR target IN_LIST ${libraries})
    return()
  endif()
  list(APPEND ${libraries} ${target})
  get_target_property(linked ${target} INTERFACE_LINK_LIBRARIES)
  foreach(dependency ${linked})
    string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" dependency "${dependency}")
    remit_collect(${dependency} ${libraries})
  endforeach()
  set(${libraries} ${${libraries}} PARENT_SCOPE)
endfunction()

set(REMIT_OURS "")
remit_collect(remit_capi REMIT_OURS)
set(objects "")
foreach(library ${REMIT_OURS})
  get_target_property(type ${library} TYPE)
  if(NOT type STREQUAL "INTERFACE_LIBRARY")
    list(APPEND objects $<TARGET_OBJECTS:${library}>)
  endif()
endforeach()
add_library(remit_static STATIC ${objects})
set_target_properties(remit_static PROPERTIES OUTPUT_NAME remit LINKER_LANGUAGE CXX EXPORT_NAME remit_static)
target_link_libraries(remit_static INTERFACE ${REMIT_PRIVATE_LIBRARIES})
foreach(library remit_shared remit_static)
  target_include_directories(${library} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
endforeach()
set_target_properties(remit_shared PROPERTIES EXPORT_NAME remit)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/remit)
install(TARGETS remit_shared remit_static EXPORT remitTargets COMPONENT capi)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/remit DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT capi)
install(EXPORT remitTargets NAMESPACE remit:: DESTINATION ${package} COMPONENT capi)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/remitConfig.cmake.in ${PROJECT_BINARY_DIR}/remitConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/remitConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/remitConfig.cmake ${PROJECT_BINARY_DIR}/remitConfigVersion.cmake DESTINATION ${package} COMPONENT capi)

# Relative to the file itself, so that the tree may be moved.
file(RELATIVE_PATH REMIT_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
list(JOIN REMIT_PRIVATE_LIBRARIES " " REMIT_PC_PRIVATE)
configure_file(${CMAKE_CURRENT_LIST_DIR}/remit.pc.in ${PROJECT_BINARY_DIR}/remit.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/remit.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT capi)
