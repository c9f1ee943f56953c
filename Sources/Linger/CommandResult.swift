/// What a command has to say and how it ends; the command line only carries it out.
package struct CommandResult: Sendable {
  /// 0, 1, 2, 3, 64, 69, 70, 130, 141 or 143; 'linger --help' says what they mean.
  package var exitCode: Int32
  /// For standard output, or the file that the user named.
  package var output: String
  /// For standard error.
  package var message: String

  package init(exitCode: Int32 = 0, output: String = "", message: String = "") {
    self.exitCode = exitCode
    self.output = output
    self.message = message
  }
}
