/// An element of an XML text, written by our own few lines as JSON is: its attributes in order, so
/// that the same content is the same bytes everywhere.
struct XMLTag {
  enum Content {
    case tags([XMLTag])
    case text(String)
  }

  var name: String
  var attributes: KeyValuePairs<String, String?>
  var content: Content

  /// Attributes that are nil are left out.
  init(_ name: String, _ attributes: KeyValuePairs<String, String?>, _ tags: [XMLTag] = []) {
    self.name = name
    self.attributes = attributes
    content = .tags(tags)
  }

  init(_ name: String, _ attributes: KeyValuePairs<String, String?>, text: String) {
    self.name = name
    self.attributes = attributes
    content = .text(text)
  }

  /// The document with this element at its root.
  var document: String {
    var output = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    write(indentation: 0, into: &output)
    return output
  }

  private func write(indentation: Int, into output: inout String) {
    let blanks = String(repeating: " ", count: indentation)
    output += "\(blanks)<\(name)"
    for case (let key, let value?) in attributes {
      output += " \(key)=\"\(Self.escaped(value, isAttribute: true))\""
    }
    switch content {
    case .text(let text) where !text.isEmpty:
      output += ">\(Self.escaped(text, isAttribute: false))</\(name)>\n"
    case .tags(let tags) where !tags.isEmpty:
      output += ">\n"
      for tag in tags { tag.write(indentation: indentation + 2, into: &output) }
      output += "\(blanks)</\(name)>\n"
    case .text, .tags: output += "/>\n"
    }
  }

  /// White space in an attribute is written as references, for a parser makes blanks of it; so is
  /// a carriage return anywhere, which would become a line feed.
  private static func escaped(_ text: String, isAttribute: Bool) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"" where isAttribute: output += "&quot;"
      case "\n" where isAttribute, "\t" where isAttribute, "\r": output += "&#\(scalar.value);"
      case _ where isForbidden(scalar): output.unicodeScalars.append("\u{FFFD}")
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// What no XML 1.0 text may hold, not even as a reference: https://www.w3.org/TR/xml/#charsets
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: false
    case 0..<0x20, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
