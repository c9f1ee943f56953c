import Foundation

/// The program that puts the machine's own TCP behind the line protocol: `kernel_tcp`, of
/// Examples/subjects. It opens a network namespace before any thread starts, which `linger` itself
/// cannot do.
enum KernelHelper {
  /// Names another file of it.
  static let variable = "LINGER_KERNEL"
  static let name = "kernel_tcp"

  struct Missing: Error {
    var reason: String
  }

  /// Where it is.
  ///
  /// - Parameters:
  ///   - named: what the environment says; nil or empty for nothing.
  ///   - executable: the program that runs.
  /// - Returns: the path of the helper: the one named, or the one next to the program.
  /// - Throws: why there is none.
  static func path(
    named: String? = ProcessInfo.processInfo.environment[variable],
    executable: URL? = Bundle.main.executableURL
  ) throws(Missing) -> String {
    if let named, !named.isEmpty {
      guard FileManager.default.isExecutableFile(atPath: named) else {
        throw Missing(reason: "'\(named)', which \(variable) names, is not a program")
      }
      return named
    }
    #if os(Linux)
    let folder = executable?.resolvingSymlinksInPath().deletingLastPathComponent()
    if let path = folder?.appendingPathComponent(name).path,
      FileManager.default.isExecutableFile(atPath: path)
    {
      return path
    }
    throw Missing(
      reason: "there is no '\(name)' next to linger; 'make -C Examples/subjects kernel' builds "
        + "it, \(variable) names another place"
    )
    #else
    throw Missing(reason: "this is not Linux, and \(variable) names no program that drives it")
    #endif
  }
}
