/// The tool itself, as certificates and reports name it.
public enum Tool {
  public static let version = "0.1.0"
}
