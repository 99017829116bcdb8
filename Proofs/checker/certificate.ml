(* From a certificate/v1 document and a model to what the extracted checker takes. Unproved: it says what the
   numbers are, not what follows from them. *)

exception Error of string

(* A rule that the checker does not know. *)
exception Unknown of string

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

let rec texts = function
  | Json.String s -> [ s ]
  | Json.Array items -> List.concat_map texts items
  | Json.Object members -> List.concat_map (fun (_, x) -> texts x) members
  | _ -> []

(* The leaks of a split step: the one tensor that nothing else refers to. *)
let leaks (model : Model.t) rebuilt document units form times =
  let field = "specification" in
  let used = texts rebuilt @ List.concat_map (fun name -> texts (Json.get field name document))
      [ "recurrent"; "coupling"; "nonlinear-coupling" ] in
  match List.filter (fun (name, _) -> not (List.mem name used)) model.Model.tensors with
  | [] -> None
  | [ (name, tensor) ] ->
    if form <> "outside" || List.exists (fun t -> Exact.compare t Exact.one <> 0) times then
      error "specification.step: leaks need form outside and time constants 1";
    Some (vector (sized name units (List.map Exact.of_float (Safetensors.floats tensor))))
  | _ -> error "model.tensors: a tensor that is not used"

(* The network of the document. A coupling of 0 is none. *)
let specification model rebuilt document =
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
   step, match step with Some ("split", _) -> leaks model rebuilt document units form times | _ -> None)

(* Sizes of the Euler steps near an exponential step. *)
let near_sizes (network : Kernel.network) size =
  let times = network.Kernel.times in
  Proposer.near_sizes
    (List.map (fun t -> Exact.div size (Exact.make t times.Kernel.over)) times.Kernel.coordinates)

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

(* Components: their units, and two numbers for each. *)
let partition arrays field n json =
  Json.exactly field [ "sizes"; "units" ] json;
  let part name = integers arrays (field ^ "." ^ name) (Json.get field name json) in
  let sizes = part "sizes" and units = part "units" in
  if List.exists (fun k -> k < 1) sizes || List.fold_left ( + ) 0 sizes <> List.length units then
    error (field ^ ".sizes");
  ignore (places field n units);
  let units = Array.of_list units in
  fst (List.fold_left (fun (parts, start) size ->
      (parts @ [ Array.to_list (Array.sub units start size) ], start + size)) ([], 0) sizes)

(* Norms that are claimed of couplings: first and second component, kind, bound. *)
let norms arrays field json =
  Json.exactly field [ "first"; "second"; "kinds"; "bounds" ] json;
  let whole name = field ^ "." ^ name in
  let ends name =
    let values = integers arrays (whole name) (Json.get field name json) in
    if List.exists (fun k -> abs k >= 1 lsl 31) values then error (whole name ^ ": expected 32 bits");
    values in
  let kinds = List.map (Json.text (whole "kinds")) (Json.list (whole "kinds") (Json.get field "kinds" json)) in
  let bounds = doubles arrays (whole "bounds") (Json.get field "bounds" json) in
  let first = ends "first" and second = ends "second" in
  let count = List.length kinds in
  if List.exists (fun n -> n <> count) [ List.length first; List.length second; List.length bounds ] then
    error (field ^ ": lists of different lengths");
  List.iter (fun k -> if not (List.mem k [ "residual"; "to-first"; "to-second" ]) then error (whole "kinds")) kinds;
  List.combine (List.combine first second) (List.combine kinds bounds)

let assemblies = [ "feedback"; "hierarchy"; "interconnection"; "global-workspace" ]

(* Components of an assembly or a step, with their scalings and norms. *)
let components arrays field n arguments =
  let argument key = Json.get field key arguments in
  let parts = partition arrays (field ^ ".components") n (argument "components") in
  let scaling key =
    let values = sized (field ^ "." ^ key) (List.length parts) (doubles arrays (field ^ "." ^ key) (argument key)) in
    if List.exists (fun x -> Exact.sign x <= 0) values then error (field ^ "." ^ key ^ ": not above 0");
    vector values in
  let columns = scaling "column-scaling" in
  let rows = scaling "row-scaling" in
  let claims = norms arrays (field ^ ".norms") (argument "norms") in
  let claimed kinds =
    List.concat_map (fun ((first, second), (kind, bound)) ->
        (* Within a component there is one way, to the first. *)
        let nowhere = first < 0 || second < first || second >= List.length parts
                      || (first = second && kind = "to-second") in
        if nowhere || not (List.mem kind kinds) then []
        else
          let to_, source = if kind = "to-second" then (second, first) else (first, second) in
          [ ((nat to_, nat source), quotient bound) ]) claims in
  (parts, { Kernel.parts = List.map (List.map nat) parts; columns; rows;
            gains_claimed = claimed [ "to-first"; "to-second" ]; residuals_claimed = claimed [ "residual" ] })

(* What the name of a rule says of who drives whom; nothing rests on it. *)
let structure field rule (network : Kernel.network) parts hub =
  let drives (m : Kernel.matrix) =
    let rows = Array.of_list (List.map Array.of_list m.Kernel.entries) in
    fun a b ->
      List.exists (fun i ->
          i < Array.length rows
          && List.exists (fun j -> j < Array.length rows.(i) && Z.sign rows.(i).(j) <> 0) b) a in
  let w = drives network.Kernel.weights in
  let optional = function Some m -> drives m | None -> fun _ _ -> false in
  let l = optional network.Kernel.coupling in
  let k = optional (Option.map fst network.Kernel.nonlinear) in
  let parts = Array.of_list parts in
  Array.iteri (fun j b ->
      Array.iteri (fun i a ->
          if i < j then begin
            let nonlinear = w a b || w b a || k a b || k b a in
            let any = nonlinear || l a b || l b a in
            match rule with
            | "feedback" -> if nonlinear then error (field ^ ": components coupled by weights with an activation")
            | "hierarchy" -> if w a b || l a b || k a b then error (field ^ ": a connection against the order")
            | "global-workspace" -> if any && hub <> i && hub <> j then error (field ^ ": neither end is the hub")
            | _ -> ()
          end) parts) parts

(* The v and w that an order of the units makes: with them absolute-value gives what triangular gives. *)
let ordered (network : Kernel.network) scope paces places bound =
  let n = List.length places in
  let b = match scope with
    | Kernel.Continuous -> Kernel.madd (Kernel.mabs (Kernel.centre network)) (Kernel.radius network)
    | Kernel.AsRun -> Kernel.map_bound network paces in
  let entry (m : Kernel.matrix) i j =
    match List.nth_opt m.Kernel.entries i with
    | Some row -> (match List.nth_opt row j with Some x -> Exact.make x m.Kernel.scale | None -> Exact.zero)
    | None -> Exact.zero in
  let mul x y = Exact.make (Z.mul x.Exact.top y.Exact.top) (Z.mul x.Exact.bottom y.Exact.bottom) in
  let sub x y = Exact.add x (Exact.neg y) in
  let slack i = match scope with
    | Kernel.Continuous ->
      let t = network.Kernel.times in
      let tau = Exact.make (List.nth t.Kernel.coordinates i) t.Kernel.over in
      Exact.neg (Exact.add (Exact.add (entry (Kernel.centre network) i i) (entry (Kernel.radius network) i i)) (mul bound tau))
    | Kernel.AsRun -> sub bound (entry b i i) in
  let sums order along =
    let x = Array.make n Exact.one in
    List.iter (fun i ->
        let sum = ref Exact.zero in
        for j = 0 to n - 1 do if j <> i then sum := Exact.add !sum (mul (along i j) x.(j)) done;
        if Exact.sign !sum <> 0 && Exact.sign (slack i) > 0 then x.(i) <- Exact.div !sum (slack i)) order;
    x in
  let place = Array.of_list (List.map Z.to_int places) in
  Array.iteri (fun i p ->
      Array.iteri (fun j q ->
          if q > p && Exact.sign (entry b i j) <> 0 then error (Printf.sprintf "order: a weight from %d to %d" j i)) place)
    place;
  let order = List.map snd (List.sort compare (List.mapi (fun i p -> (p, i)) (Array.to_list place))) in
  let v = sums order (entry b) in
  let w = sums (List.rev order) (fun i j -> entry b j i) in
  Kernel.AbsoluteValue (vector (Array.to_list v), vector (Array.to_list w))

(* A proof of any depth, for the network and its paces or steps. *)
let rec tree arrays field n (network : Kernel.network) scope paces name bound arguments children =
  let whole = field ^ ".arguments" in
  if List.mem name assemblies then begin
    let names = [ "components"; "column-scaling"; "row-scaling"; "norms" ] in
    Json.exactly whole (if name = "global-workspace" then "hub" :: names else names) arguments;
    let parts, assembly = components arrays whole n arguments in
    let hub =
      if name = "global-workspace" then Json.integer (whole ^ ".hub") (Json.get whole "hub" arguments) else -1 in
    if name = "global-workspace" && (hub < 0 || hub >= List.length parts) then error (whole ^ ".hub");
    structure whole name network parts hub;
    if List.length children <> List.length parts then error (field ^ ".children: not one for each component");
    let child k units json =
      let inner = Printf.sprintf "%s.children[%d]" field k in
      Json.exactly inner [ "arguments"; "bound"; "children"; "rule" ] json;
      let get key = Json.get inner key json in
      let bound = double (inner ^ ".bound") (get "bound") in
      let units' = List.map nat units in
      let own = Kernel.restrict units' network and paces = Kernel.vsub_ units' paces in
      let name = Json.text inner (get "rule") in
      let proof = tree arrays inner (List.length units) own scope paces name bound (get "arguments")
          (Json.list inner (get "children")) in
      (quotient bound, match proof with
        | Kernel.Leaf (Kernel.Triangular places) -> Kernel.Leaf (ordered own scope paces places bound)
        | proof -> proof)
    in
    Kernel.Node (assembly, List.mapi (fun k (units, json) -> child k units json) (List.combine parts children))
  end
  else match rule arrays whole name n arguments with
    | None -> raise (Unknown name)
    | Some _ when children <> [] -> error (field ^ ".children: expected none")
    | Some r -> Kernel.Leaf r

(* The arguments of a step from a proof for the flow; an implicit step needs none of them, but they must be there. *)
let step_arguments arrays field n arguments =
  Json.exactly field [ "components"; "column-scaling"; "row-scaling"; "norms"; "coupling-norm" ] arguments;
  let whole = field ^ ".coupling-norm" in
  let norm = match Json.get field "coupling-norm" arguments with
    | Json.Null -> None | json -> Some (double whole json) in
  let parts, assembly = components arrays field n arguments in
  (parts, assembly, norm)

(* The arguments of a split step: the component of each unit, metric, norms; and bounds that are proposed for it. *)
let split_arguments arrays field n (network : Kernel.network) (leaks : Kernel.vector) arguments =
  let whole key = field ^ "." ^ key in
  let argument key = Json.get field key arguments in
  Json.exactly field [ "components"; "metric"; "norms" ] arguments;
  let parts = partition arrays (whole "components") n (argument "components") in
  let homes = Array.make n (-1) in
  List.iteri (fun k units -> List.iter (fun i -> homes.(i) <- k) units) parts;
  let metric = sized (whole "metric") n (doubles arrays (whole "metric") (argument "metric")) in
  let norms = sized (whole "norms") (List.length parts) (doubles arrays (whole "norms") (argument "norms")) in
  if List.exists (fun x -> Exact.sign x <= 0) metric then error (whole "metric" ^ ": not above 0");
  if List.exists (fun x -> Exact.sign x < 0) norms then error (whole "norms" ^ ": below 0");
  let mul x y = Exact.make (Z.mul x.Exact.top y.Exact.top) (Z.mul x.Exact.bottom y.Exact.bottom) in
  let one_less x = Exact.add Exact.one (Exact.neg x) in
  let larger x y = if Exact.compare x y < 0 then y else x in
  let half = Exact.make Z.one (Z.of_int 2) in
  let p = Array.of_list metric and s = Array.of_list norms in
  let residual = match network.Kernel.coupling with
    | None -> Exact.zero
    | Some l ->
      let rows = Array.of_list (List.map Array.of_list l.Kernel.entries) in
      let entry i j = mul p.(i) (Exact.make rows.(i).(j) l.Kernel.scale) in
      let root i j = Proposer.exact (Proposer.root_up (quotient (Exact.div Exact.one (mul p.(i) p.(j))))) in
      let row i =
        List.fold_left (fun sum j ->
            let x = Exact.add (entry i j) (entry j i) in
            if Exact.sign x = 0 then sum
            else Exact.add sum (mul half (mul { x with top = Z.abs x.top } (root i j))))
          Exact.zero (List.init n Fun.id) in
      List.fold_left larger Exact.zero (List.init n row) in
  (* A little more, so that what is to be definite is. *)
  let residual = Exact.add residual (mul residual (Exact.make Z.one (Z.shift_left Z.one 100))) in
  let g = Proposer.exact network.Kernel.high in
  let lost i a =
    let gain = mul g s.(homes.(i)) in
    one_less (mul (Exact.make a leaks.Kernel.over) (one_less (mul gain gain))) in
  let below = List.fold_left larger Exact.zero (List.mapi lost leaks.Kernel.coordinates) in
  (List.map nat (Array.to_list homes), vector metric, vector norms,
   { Kernel.turn_residual = quotient residual; leaks_below = quotient below })

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
