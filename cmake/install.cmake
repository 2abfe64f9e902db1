# Installs program, library, public headers (room by room) and a pkg-config file.
install(TARGETS eddyline eddyline_lib RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(room ${ROOMS})
  file(GLOB headers ${CMAKE_SOURCE_DIR}/${room}/*.h)
  install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/eddyline)
endforeach()
foreach(room initial forcing fields)
  file(GLOB headers ${CMAKE_SOURCE_DIR}/physics/${room}/*.h)
  install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/eddyline/${room})
endforeach()
# The file finds its prefix from its own place, so that `cmake --install --prefix` works.
file(RELATIVE_PATH EDDY_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/eddyline.pc.in eddyline.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/eddyline.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
