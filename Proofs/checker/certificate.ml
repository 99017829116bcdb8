(* From a certificate/v1 document and a model to what the extracted checker takes. Unproved: it says what the
   numbers are, not what follows from them. *)

exception Error of string

let error text = raise (Error text)

let rec nat n = if n = 0 then Kernel.O else Kernel.S (nat (n - 1))

let quotient (x : Exact.t) = { Kernel.top = x.top; bottom = x.bottom }

let vector numbers =
  let coordinates, over = Exact.over_one numbers in
  { Kernel.coordinates; over }

let matrix rows =
  let entries, scale = Exact.over_one_table rows in
  { Kernel.entries; scale }

let number field json =
  let text = Json.text field json in
  try Exact.of_text text with Exact.Error e -> error (field ^ ": " ^ e)

(* A bound or an argument: a double. *)
let double field json =
  let x = number field json in
  if String.contains (Json.text field json) '/' then error (field ^ ": expected a double");
  x

(* Arrays stand in the document, or as tensors in the file beside it. *)
type arrays = { beside : string; file : (string * Safetensors.tensor) list Lazy.t; mutable used : string list }

let arrays path =
  let beside = Filename.chop_suffix path ".json" ^ ".safetensors" in
  { beside; file = lazy (Safetensors.read beside); used = [] }

let tensor arrays field dtype json =
  match json with
  | Json.Object members when List.mem_assoc "tensor" members ->
    Json.exactly field [ "tensor"; "dtype"; "shape"; "sha256" ] json;
    let name = Json.text field (Json.get field "tensor" json) in
    if name <> field then error (field ^ ": the tensor of another field");
    let t = match List.assoc_opt name (Lazy.force arrays.file) with
      | Some t -> t | None -> error (field ^ ": no such tensor beside the certificate") in
    if t.dtype <> dtype || Json.text field (Json.get field "dtype" json) <> dtype then error (field ^ ".dtype");
    if List.map (Json.integer field) (Json.list field (Json.get field "shape" json)) <> t.shape then
      error (field ^ ".shape");
    if Json.text field (Json.get field "sha256" json) <> Sha256.hex t.bytes then error (field ^ ".sha256");
    arrays.used <- name :: arrays.used;
    Some t
  | _ -> None

let finish arrays =
  if Lazy.is_val arrays.file || Sys.file_exists arrays.beside then
    List.iter (fun (name, _) ->
        if not (List.mem name arrays.used) then error (name ^ ": a tensor that the document does not mention"))
      (Lazy.force arrays.file)

let doubles arrays field json =
  match tensor arrays field "float64" json with
  | Some t -> List.map Exact.of_float (Safetensors.floats t)
  | None ->
    List.mapi (fun i x -> double (Printf.sprintf "%s[%d]" field i) x) (Json.list field json)

let integers arrays field json =
  match tensor arrays field "int32" json with
  | Some t -> Safetensors.integers t
  | None -> List.map (Json.integer field) (Json.list field json)

let square arrays field n json =
  let values =
    match tensor arrays field "float64" json with
    | Some t -> if t.shape <> [ n; n ] then error (field ^ ": shape"); List.map Exact.of_float (Safetensors.floats t)
    | None ->
      Json.exactly field [ "rows"; "columns"; "values" ] json;
      if Json.integer field (Json.get field "rows" json) <> n || Json.integer field (Json.get field "columns" json) <> n
      then error (field ^ ": shape");
      doubles arrays (field ^ ".values") (Json.get field "values" json)
  in
  if List.length values <> n * n then error (field ^ ": shape");
  let values = Array.of_list values in
  matrix (List.init n (fun i -> Array.to_list (Array.sub values (i * n) n)))

let sized field n values = if List.length values <> n then error (field ^ ": length") else values

(* The network of the document. A coupling of 0 is none. *)
let specification model document =
  let field = "specification" in
  Json.exactly field
    [ "form"; "units"; "recurrent"; "coupling"; "nonlinear-coupling"; "slopes"; "coupling-slopes";
      "time-constants"; "modules"; "step" ] document;
  let get name = Json.get field name document in
  let units = Json.integer field (get "units") in
  if units < 1 then error "specification.units";
  let weights name source = matrix (Model.matrix model (field ^ "." ^ name) source units) in
  let optional name = match get name with Json.Null -> None | source -> Some (weights name source) in
  let pair name json =
    match Json.list name json with
    | [ l; g ] -> (number (name ^ "[0]") l, number (name ^ "[1]") g)
    | _ -> error (name ^ ": two numbers")
  in
  let low, high = pair "specification.slopes" (get "slopes") in
  let nonlinear =
    match (optional "nonlinear-coupling", get "coupling-slopes") with
    | None, Json.Null -> None
    | Some k, json when json <> Json.Null ->
      let l, g = pair "specification.coupling-slopes" json in
      Some (k, (quotient l, quotient g))
    | _ -> error "specification.coupling-slopes"
  in
  let times =
    List.concat_map (fun run ->
        let name = "specification.time-constants" in
        Json.exactly name [ "units"; "value" ] run;
        let value = number name (Json.get name "value" run) in
        if Exact.sign value <= 0 || Json.integer name (Json.get name "units" run) < 1 then error name;
        List.init (Json.integer name (Json.get name "units" run)) (fun _ -> value))
      (Json.list field (get "time-constants"))
  in
  let times = match times with [ t ] -> List.init units (fun _ -> t) | t -> sized "specification.time-constants" units t in
  let modules =
    List.fold_left (fun sum run ->
        let name = "specification.modules" in
        Json.exactly name [ "count"; "size" ] run;
        let count = Json.integer name (Json.get name "count" run) and size = Json.integer name (Json.get name "size" run) in
        if count < 1 || size < 1 then error name;
        sum + (count * size))
      0 (Json.list field (get "modules"))
  in
  if modules <> units then error "specification.modules: they do not add up";
  let form = Json.text field (get "form") in
  let side = match form with
    | "outside" -> Kernel.Outside | "inside" | "map" -> Kernel.Inside | _ -> error "specification.form" in
  let step = match get "step" with
    | Json.Null -> None
    | json ->
      Json.exactly "specification.step" [ "scheme"; "size" ] json;
      Some (Json.text field (Json.get field "scheme" json), number "specification.step.size" (Json.get field "size" json))
  in
  let runs = match (form, step) with
    | "map", None ->
      if nonlinear <> None || get "coupling" <> Json.Null || List.exists (fun t -> Exact.compare t Exact.one <> 0) times
      then error "specification.form: a map has no couplings and no time constants";
      Kernel.Iterated
    | "map", Some _ -> error "specification.step: a map has none"
    | _, None -> Kernel.Still
    | _, Some ("euler", h) -> Kernel.Euler (quotient h)
    | _, Some ("semi-implicit", h) -> Kernel.SemiImplicit (quotient h)
    | _, Some _ -> Kernel.Still
  in
  let steps = match (form, step) with
    | "map", _ -> List.map (fun _ -> Exact.one) times
    | _, Some ("euler", h) -> List.map (fun t -> Exact.div h t) times
    | _, Some ("semi-implicit", h) -> List.map (fun t -> Exact.div h (Exact.add t h)) times
    | _ -> List.map (fun _ -> Exact.one) times
  in
  let network =
    { Kernel.units = nat units; side; weights = weights "recurrent" (get "recurrent");
      coupling = optional "coupling"; nonlinear; low = quotient low; high = quotient high;
      times = vector times; runs }
  in
  (network, units, form, vector (List.map (Exact.div Exact.one) times), vector steps,
   match step with Some ("implicit", h) -> Some h | _ -> None)

(* The place of each unit in an order of all of them. *)
let places field units order =
  let place = Array.make units (-1) in
  List.iteri (fun position unit ->
      if unit < 0 || unit >= units || place.(unit) >= 0 then error (field ^ ": not each unit once");
      place.(unit) <- position)
    (sized field units order);
  List.map Z.of_int (Array.to_list place)

(* None for a rule that the checker does not know. *)
let rule arrays field name units arguments =
  let argument key = Json.get field key arguments in
  let whole key = field ^ "." ^ key in
  let exactly names = Json.exactly field names arguments in
  let numbers key = vector (sized (whole key) units (doubles arrays (whole key) (argument key))) in
  let one key = quotient (double (whole key) (argument key)) in
  match name with
  | "absolute-value" ->
    exactly [ "column-scaling"; "row-scaling" ];
    Some (Kernel.AbsoluteValue (numbers "column-scaling", numbers "row-scaling"))
  | "symmetric" -> exactly []; Some Kernel.Symmetric
  | "product-form" ->
    exactly [ "row-scaling"; "floor" ];
    Some (Kernel.ProductForm (numbers "row-scaling", one "floor"))
  | "triangular" ->
    exactly [ "order" ];
    Some (Kernel.Triangular (places (whole "order") units (integers arrays (whole "order") (argument "order"))))
  | "singular-value" ->
    exactly [ "metric"; "norm"; "drops-inhibitory-diagonal" ];
    let drops = Json.boolean (whole "drops-inhibitory-diagonal") (argument "drops-inhibitory-diagonal") in
    Some (Kernel.SingularValue (numbers "metric", one "norm", drops))
  | "disk" -> exactly [ "metric" ]; Some (Kernel.Disk (numbers "metric"))
  | "slope-lmi" ->
    exactly [ "metric"; "multiplier"; "floor" ];
    Some (Kernel.SlopeLMI (square arrays (whole "metric") units (argument "metric"), numbers "multiplier", one "floor"))
  | "vertex-lmi" ->
    exactly [ "metric"; "floor" ];
    (* The kernel takes at most 12 units. *)
    if units > 12 then error (field ^ ": more than 12 units");
    Some (Kernel.VertexLMI (square arrays (whole "metric") units (argument "metric"), one "floor"))
  | _ -> None

(* The arguments of a step from a proof for the flow; an implicit step needs none of them, but they must be there. *)
let step_arguments arrays field arguments =
  let whole key = field ^ "." ^ key in
  let argument key = Json.get field key arguments in
  Json.exactly field [ "components"; "column-scaling"; "row-scaling"; "norms"; "coupling-norm" ] arguments;
  let part key sub = integers arrays (whole key ^ "." ^ sub) (Json.get (whole key) sub (argument key)) in
  Json.exactly (whole "components") [ "sizes"; "units" ] (argument "components");
  let sizes = part "components" "sizes" and members = part "components" "units" in
  if List.exists (fun k -> k < 1) sizes || List.fold_left ( + ) 0 sizes <> List.length members then
    error (whole "components.sizes");
  List.iter (fun key -> ignore (doubles arrays (whole key) (argument key))) [ "column-scaling"; "row-scaling" ];
  Json.exactly (whole "norms") [ "first"; "second"; "kinds"; "bounds" ] (argument "norms");
  ignore (part "norms" "first", part "norms" "second");
  ignore (doubles arrays (whole "norms.bounds") (Json.get field "bounds" (argument "norms")));
  if argument "coupling-norm" <> Json.Null then ignore (double (whole "coupling-norm") (argument "coupling-norm"))

(* None for a refutation that the checker does not know. *)
let refutation arrays field name network units arguments =
  let whole key = field ^ "." ^ key in
  let argument key = Json.get field key arguments in
  let active () =
    let mask = Array.make units false in
    ignore
      (List.fold_left (fun last unit ->
           if unit <= last || unit >= units then error (whole "active" ^ ": not ascending");
           mask.(unit) <- true;
           unit)
          (-1) (integers arrays (whole "active") (argument "active")));
    Array.to_list mask
  in
  match (name, Json.text (whole "reason") (argument "reason")) with
  | "principal-minor", "determinant" ->
    Json.exactly field [ "active"; "reason" ] arguments;
    Some (Kernel.PrincipalMinor (active ()))
  | "unstable-vertex", "flip" ->
    Json.exactly field [ "active"; "reason" ] arguments;
    Some (Kernel.Flip (active ()))
  | "unstable-vertex", "inertia" ->
    Json.exactly field [ "active"; "reason"; "metric"; "direction"; "margin" ] arguments;
    let metric = square arrays (whole "metric") units (argument "metric") in
    let direction = vector (sized (whole "direction") units (doubles arrays (whole "direction") (argument "direction"))) in
    Some (Kernel.Inertia (active (), metric, direction, quotient (double (whole "margin") (argument "margin"))))
  | "euler-skew", "skew" ->
    Json.exactly field [ "active"; "reason"; "direction" ] arguments;
    if List.mem true (active ()) then error (whole "active" ^ ": expected none");
    (match (network.Kernel.coupling, network.Kernel.runs) with
     | Some _, Kernel.Euler _ -> ()
     | _ -> error (field ^ ": for Euler steps with a linear coupling"));
    let direction = sized (whole "direction") units (doubles arrays (whole "direction") (argument "direction")) in
    Some (Kernel.EulerSkew (vector direction))
  | _ -> None
