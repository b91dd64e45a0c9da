package net.eventlet.green.coverage;

import java.util.List;

/// A row of the table of Eventlet's modules.
///
/// @param eventlet its modules or functions, as Markdown
/// @param here what does the same, as Markdown
/// @param classes that do it, as `module:Class`; none where the JDK's own do
/// @param page of `docs` about it, with or without a heading
/// @param tests that show it, as `module:ClassTest`
record Counterpart(
    String eventlet, String here, List<String> classes, String page, List<String> tests) {}
