(* certificate-checker CERTIFICATE.cert.json MODEL.safetensors: one line for each claim; exit status 1 if one is
   refused. *)

exception Refused of string

let reason = function
  | Kernel.NotANetwork -> "slopes or time constants out of order"
  | Kernel.NotContracting -> "the bound does not mean contraction"
  | Kernel.NotTheseSteps -> "no such map, or not by steps that are known here"
  | Kernel.NotShown -> "the bound is not shown"

(* No document nests deeper. *)
let fuel = Certificate.nat 64

let claim arrays (network, units, form, flow_paces, steps, step, leaks) index json =
  let field = Printf.sprintf "claims[%d]" index in
  let text name = Json.text field (Json.get field name json) in
  let rule = text "rule" in
  let arguments () = Json.get field "arguments" json in
  try
    let scope = match text "scope" with
      | "continuous" when form <> "map" && leaks = None -> Kernel.Continuous
      | "as-run" -> Kernel.AsRun
      | other -> raise (Refused ("no scope " ^ other)) in
    let paces = if scope = Kernel.Continuous then flow_paces else steps in
    let unknown () = raise (Refused (rule ^ " is not known here")) in
    let shown = function Some why -> raise (Refused (rule ^ ": " ^ reason why)) | None -> () in
    (match text "verdict" with
     | "certified" ->
       Json.exactly field [ "arguments"; "bound"; "children"; "rule"; "scope"; "verdict" ] json;
       let bound = Certificate.double (field ^ ".bound") (Json.get field "bound" json) in
       let children = Json.list (field ^ ".children") (Json.get field "children" json) in
       let tree network at scope paces name bound arguments children =
         try Certificate.tree arrays at units network scope paces name bound arguments children
         with Certificate.Unknown name -> raise (Refused (name ^ " is not known here")) in
       let check network scope paces t =
         shown (Kernel.check_tree Proposer.helpers fuel network scope paces t (Certificate.quotient bound)) in
       (match (rule, step) with
        | "step", Some (("implicit" | "euler" | "semi-implicit" | "exponential") as scheme, size)
          when scope = Kernel.AsRun ->
          let _, assembly, norm = Certificate.step_arguments arrays (field ^ ".arguments") units (arguments ()) in
          let child, inner = match children with
            | [ c ] -> (c, field ^ ".children[0]") | _ -> raise (Refused "step: the proof for the flow, and no other") in
          Json.exactly inner [ "arguments"; "bound"; "children"; "rule" ] child;
          let get key = Json.get inner key child in
          let rate = Certificate.double (inner ^ ".bound") (get "bound") in
          let t = tree network inner Kernel.Continuous flow_paces (Json.text inner (get "rule")) rate (get "arguments")
              (Json.list inner (get "children")) in
          let t = match t with
            | Kernel.Leaf (Kernel.Triangular places) when scheme <> "implicit" ->
              Kernel.Leaf (Certificate.ordered network Kernel.Continuous flow_paces places rate)
            | t -> t in
          let quotient = Certificate.quotient in
          let norm = Option.map quotient norm and size = quotient size and rate = quotient rate in
          let bound = quotient bound and helpers = Proposer.helpers in
          shown (match scheme with
              | "implicit" -> Kernel.check_implicit helpers fuel network size flow_paces t rate bound
              | "euler" -> Kernel.check_euler helpers fuel network flow_paces assembly norm t rate steps bound
              | "semi-implicit" -> Kernel.check_semi_implicit helpers fuel network flow_paces assembly norm t rate size bound
              | _ ->
                Kernel.check_exponential_step helpers fuel Proposer.brackets network flow_paces assembly norm t rate size
                  bound)
        | "split-step", Some ("split", size) when scope = Kernel.AsRun && leaks <> None ->
          if children <> [] then raise (Refused "split-step: no children expected");
          let leaks = Option.get leaks in
          let homes, metric, norms, bounds =
            Certificate.split_arguments arrays (field ^ ".arguments") units network leaks (arguments ()) in
          shown (Kernel.check_split Proposer.propose network (Certificate.quotient size) leaks metric norms homes bounds
                   (Certificate.quotient bound))
        | _, Some ("exponential", size) when scope = Kernel.AsRun ->
          let near = Certificate.near_sizes network size and factor = Proposer.factor_near bound in
          let stepped = Kernel.stepped network near and steps = near.Kernel.sizes_near in
          let t = match tree stepped field scope steps rule factor (arguments ()) children with
            | Kernel.Leaf (Kernel.Triangular places) ->
              Kernel.Leaf (Certificate.ordered stepped scope steps places factor)
            | t -> t in
          let quotient = Certificate.quotient in
          shown (Kernel.check_exponential Proposer.helpers fuel Proposer.brackets network (quotient size) near t
                   (quotient factor) (quotient bound))
        | _ -> check network scope paces (tree network field scope paces rule bound (arguments ()) children));
       let word, up = if scope = Kernel.Continuous then ("rate>=", false) else ("factor<=", true) in
       Printf.printf "s CERTIFIED %s%s rule=%s\n" word (Exact.decimal ~up bound) rule
     | "refuted" ->
       Json.exactly field [ "arguments"; "rule"; "scope"; "verdict" ] json;
       (match Certificate.refutation arrays (field ^ ".arguments") rule network units (arguments ()) with
        | None -> unknown ()
        | Some r when scope = Kernel.AsRun && Option.map fst step = Some "exponential" ->
          let size = snd (Option.get step) in
          shown (Kernel.check_exponential_refutation Proposer.helpers Proposer.triangulate Proposer.brackets network
                   (Certificate.quotient size) (Certificate.near_sizes network size) r)
        | Some r -> shown (Kernel.check_refutation Proposer.propose Proposer.triangulate network scope paces r));
       Printf.printf "s REFUTED %s rule=%s\n" (text "scope") rule
     | _ -> raise (Refused "verdict: certified or refuted"));
    true
  with Refused why ->
    Printf.printf "s REJECTED %s: %s\n" field why;
    false

let main certificate model =
  let text = Safetensors.read_file certificate in
  let document = Json.parse text in
  Json.exactly "certificate" [ "claims"; "model"; "schema"; "sha256"; "specification"; "tool" ] document;
  let get name = Json.get "certificate" name document in
  if Json.text "schema" (get "schema") <> "certificate/v1" then raise (Refused "schema: another one");
  if String.length (Json.text "tool" (get "tool")) > 120 then raise (Refused "tool: too long");
  let rest = Json.Object (List.remove_assoc "sha256" (Json.members "certificate" document)) in
  if Json.text "sha256" (get "sha256") <> Sha256.hex (Json.canonical rest) then
    raise (Refused "sha256: the content was changed");
  let arrays = Certificate.arrays certificate in
  let network = Certificate.specification (Model.load model (get "model"))
      (Json.get "model" "reconstructions" (get "model")) (get "specification") in
  let claims = Json.list "claims" (get "claims") in
  let scopes = List.map (fun c -> Json.get "claims" "scope" c) claims in
  if claims = [] || List.length (List.sort_uniq compare scopes) <> List.length claims then
    raise (Refused "claims: one or two, at most one for each scope");
  let good = List.mapi (claim arrays network) claims in
  let all = List.for_all Fun.id good in
  if all then Certificate.finish arrays;
  all

let () =
  match Sys.argv with
  | [| _; certificate; model |] ->
    let refused why = Printf.printf "s REJECTED %s\n" why; exit 1 in
    (match main certificate model with
     | true -> exit 0
     | false -> exit 1
     | exception (Refused why | Json.Error why | Model.Error why | Certificate.Error why | Safetensors.Error why
                 | Exact.Error why | Sys_error why) -> refused why
     | exception (Invalid_argument why | Failure why) -> refused why
     | exception End_of_file -> refused "a file is cut")
  | _ ->
    prerr_endline "usage: certificate-checker CERTIFICATE.cert.json MODEL.safetensors";
    exit 2
