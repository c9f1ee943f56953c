import Foundation
import Linger

/// Reading and writing files, with `-` for standard input.
enum Files {
  /// No spec or trace is this large; whatever is was named by mistake.
  static let sizeLimitBytes = 64 << 20

  /// Reads a source file of a spec.
  static func readSource(_ path: String) throws(SourceReadError) -> [UInt8] {
    let handle: FileHandle
    if path == "-" {
      handle = .standardInput
    } else {
      guard FileManager.default.fileExists(atPath: path) else { throw .notFound }
      // Only a folder has itself in it.
      if FileManager.default.fileExists(atPath: path + "/.") { throw .isDirectory }
      guard let opened = FileHandle(forReadingAtPath: path) else {
        throw .unreadable("permission denied")
      }
      handle = opened
    }
    do {
      let data = try handle.read(upToCount: sizeLimitBytes + 1) ?? Data()
      guard data.count <= sizeLimitBytes else {
        throw SourceReadError.tooLarge(limitBytes: sizeLimitBytes)
      }
      return [UInt8](data)
    } catch let error as SourceReadError {
      throw error
    } catch {
      throw .unreadable(reason(error))
    }
  }

  /// Reads any other input file, or says why not.
  static func read(_ path: String) -> Result<[UInt8], FileFailure> {
    do throws(SourceReadError) {
      return .success(try readSource(path))
    } catch {
      let reason =
        switch error {
        case .notFound: "no such file"
        case .isDirectory: "it is a folder"
        case .unreadable(let reason): reason
        case .tooLarge(let limit): "it is larger than \(limit >> 20) MiB"
        }
      return .failure(FileFailure(message: "error: cannot read '\(path)': \(reason)\n"))
    }
  }

  /// Writes a file whole; says on standard error when that fails.
  static func write(_ text: String, to path: String) -> Bool {
    if FileManager.default.fileExists(atPath: path + "/.") {
      Console.printError("error: cannot write '\(path)': it is a folder\n")
      return false
    }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      return true
    } catch {
      Console.printError("error: cannot write '\(path)': \(reason(error))\n")
      return false
    }
  }

  static func isDirectory(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/.")
  }

  /// Creates a folder with those above it, unless it is there.
  static func createDirectory(_ path: String) -> Bool {
    do {
      try FileManager.default.createDirectory(
        atPath: path,
        withIntermediateDirectories: true
      )
      return true
    } catch {
      Console.printError("error: cannot create the folder '\(path)': \(reason(error))\n")
      return false
    }
  }

  /// A few words of our own: the system's differ from one release to the next.
  private static func reason(_ error: any Error) -> String {
    guard let error = error as? CocoaError else { return error.localizedDescription }
    switch error.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: return "there is no such folder"
    case .fileWriteNoPermission, .fileReadNoPermission: return "permission denied"
    case .fileWriteOutOfSpace: return "no space left"
    case .fileWriteVolumeReadOnly: return "the file system is read-only"
    case .fileWriteFileExists: return "a file of that name is in the way"
    default: return "the system refuses (\(error.code.rawValue))"
    }
  }
}

/// Why an input file could not be read: a line for standard error.
struct FileFailure: Error {
  var message: String
}
