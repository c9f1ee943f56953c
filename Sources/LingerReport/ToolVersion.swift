/// The version of Linger, as `--version` says it and reports name their author.
package enum ToolVersion {
  package static let current = "0.1.0"
}
