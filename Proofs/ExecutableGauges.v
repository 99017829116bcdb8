(** What is known of a metric: M = B^-1 A, and diagonal bounds on M and on AB. The metrics of the rules for the flow. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue FormTransfer Symmetric BlockNorm.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense ExecutableSlopeLMI ExecutableVertexLMI Executable.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** A matrix that is often 1 or diagonal. *)
Inductive factor := One | Diagonal of vector | Full of matrix.

(** F X and X F, X of m rows and n columns. *)
Definition mul_left m n F X := match F with One => X | Diagonal d => mrows d X | Full A => mmul m n A X end.
Definition mul_right n X F := match F with One => X | Diagonal d => mcols d X | Full A => mmul n n X A end.
Definition whole_factor n F := match F with One => mscalar n q1 | Diagonal d => mdiag d | Full A => A end.

(** diag(lowest) <= M <= diag(highest), diag(floor) <= A B. *)
Record gauge := Gauge { numerator : factor; denominator : factor; lowest : vector; highest : vector; floor : vector }.

Definition constant n q := Vector (nseq n (top q)) (bottom q).

(** One denominator for several quotients; somebody else's work, so looked at. *)
Definition gatherer := seq quotient -> vector.
Definition gathered n (f : nat -> quotient) d := all (fun i => qeq (entry d i) (f i)) (iota 0 n).

Definition row_norm n A := largest (map (fun r => Quotient (sumz Z0 n (map Z.abs r)) (scale A)) (entries A)).

Section Programs.
Variables (propose : proposer) (gather : gatherer).

Definition diagonal_gauge n (f : nat -> quotient) :=
  let d := gather (map f (iota 0 n)) in
  if gathered n f d && positives n d then Some (Gauge (Diagonal d) One d d d) else None.

(** f <= A <= u. *)
Definition between n A f u :=
  [&& qlt q0 f, qlt q0 u, symmetrical n A, psd propose n (msub A (mscalar n f)) & psd propose n (msub (mscalar n u) A)].

Definition full_gauge n A f u :=
  if between n A f u then Some (Gauge (Full A) One (constant n f) (constant n u) (constant n f)) else None.

Definition inverse_gauge n K f u :=
  if between n K f u then Some (Gauge One (Full K) (constant n (qinv u)) (constant n (qinv f)) (constant n f))
    else None.

Definition square_ q := qmul q q.

(** Metrics of the flow carry the time constants only where these differ. *)
Definition weight N i := if uniform (units N) (times N) then q1 else entry (times N) i.

Definition flow_gauge N r lam := let n := units N in match r with
  | AbsoluteValue v w => diagonal_gauge n (fun i => qmul (qmul (entry w i) (qinv (entry v i))) (weight N i))
  | SingularValue p _ _ | Disk p => diagonal_gauge n (fun i => qmul (entry p i) (weight N i))
  | SlopeLMI M _ f | VertexLMI M f => full_gauge n M f (row_norm n M)
  | Symmetric =>
    let a := qsub q1 (qmul lam (entry (times N) 0)) in
    let M := shifted N (qmul q2 a) (qopp (high N)) in
    let u := qadd (qmul q2 a) (row_norm n (mscale (high N) (weights N))) in
    if side N is Outside then inverse_gauge n M a u else full_gauge n M a u
  | ProductForm s f =>
    let Q := mopp (mrows s (weights N)) in let u := row_norm n Q in
    if side N is Outside then
      let t := gather (map (fun i => qinv (entry s i)) (iota 0 n)) in
      let most := largest (map (fun i => square_ (entry s i)) (iota 0 n)) in
      let least := largest (map (fun i => square_ (qinv (entry s i))) (iota 0 n)) in
      if gathered n (fun i => qinv (entry s i)) t
      then inverse_gauge n (mopp (mcols t (weights N))) (qmul f (qinv most)) (qmul u least) else None
    else full_gauge n Q f u
  | Triangular _ => None
  end.

(** As run: of symmetric, (rho^2 - c^2)I - h c g W over rho, with c = 1 - h. *)
Definition run_gauge N s r rho := let n := units N in match r with
  | AbsoluteValue v w => diagonal_gauge n (fun i => qmul (entry w i) (qinv (entry v i)))
  | SingularValue p _ _ | Disk p => diagonal_gauge n (fun i => entry p i)
  | SlopeLMI M _ f | VertexLMI M f => full_gauge n M f (row_norm n M)
  | Symmetric =>
    let h := entry s 0 in let c := qsub q1 h in
    let M := mscale (qinv rho) (shifted N (qsub (qmul rho rho) (qmul c c)) (qopp (qmul (qmul h c) (high N)))) in
    let f := qsub rho (qabs c) in let u := qadd rho (qabs c) in
    if between n M f u then Some (if side N is Outside
      then Gauge One (Full M) (constant n (qinv u)) (constant n (qinv f)) (constant n f)
      else Gauge (Full M) One (constant n f) (constant n u) (constant n f)) else None
  | ProductForm _ _ | Triangular _ => None
  end.

End Programs.

Section Meaning.
Variable R : realFieldType.
Local Notation qr := (qr R).
Local Notation mx := (mx R).
Local Notation rv := (rv R).

Definition fx n F : 'M[R]_n := match F with One => 1%:M | Diagonal d => diag_mx (rv n d) | Full A => mx n n A end.

Lemma mul_leftE m n F X : mx m n (mul_left m n F X) = fx m F *m mx m n X.
Proof. by case: F => [|d|A] /=; rewrite ?mul1mx ?mx_rows ?mxM. Qed.

Lemma mul_rightE m n F X : mx m n (mul_right n X F) = mx m n X *m fx n F.
Proof. by case: F => [|d|A] /=; rewrite ?mulmx1 ?mx_cols ?mxM. Qed.

Lemma whole_factorE n F : mx n n (whole_factor n F) = fx n F.
Proof. by case: F => [|d|A] //=; rewrite ?mx_scalar ?qr1 ?mx_diag. Qed.

Definition below n (d : 'rV[R]_n) M := forall x, qf (diag_mx d) x <= qf M x.
Definition above n (d : 'rV[R]_n) M := forall x, qf M x <= qf (diag_mx d) x.

Definition bounded n lo up (M : 'M[R]_n) := [/\ posdef M, below (rv n lo) M & above (rv n up) M].

Definition gauges n G (M : 'M[R]_n) (A := fx n (numerator G)) (B := fx n (denominator G)) :=
  [/\ bounded (lowest G) (highest G) M, split_metric M (A *m B) A B, B \in unitmx & below (rv n (floor G)) (A *m B)].

Lemma constantE n q : rv n (constant n q) = const_mx (qr q).
Proof. by apply/rowP => i; rewrite rv_at mxE /entry /at1 /= nth_nseq ltn_ord. Qed.

Lemma below_const n (a : R) M : below (const_mx a : 'rV_n) M <-> forall x, a * dot x x <= qf M x.
Proof. by split=> h x; have := h x; rewrite diag_const_mx /qf bfS. Qed.

Lemma above_const n (a : R) M : above (const_mx a : 'rV_n) M <-> forall x, qf M x <= a * dot x x.
Proof. by split=> h x; have := h x; rewrite diag_const_mx /qf bfS. Qed.

Lemma gatheredP n f d : gathered n f d -> forall i : 'I_n, rv n d 0 i = qr (f i).
Proof. by move=> /allP h i; rewrite rv_at; apply: qeqP; apply: h; rewrite mem_iota add0n ltn_ord. Qed.

Lemma diagonal_gauges n (d : vector) (G := Gauge (Diagonal d) One d d d) : positive (rv n d) ->
  gauges G (diag_mx (rv n d)).
Proof.
move=> d0; rewrite /gauges /=; split; rewrite ?unitmx1 ?mulmx1 //; last by split; rewrite ?mul1mx ?mulmx1 //;
  [apply: diag_symmetric | apply: scalar_symmetric].
by split=> //; apply: diag_posdef.
Qed.

Section Between.
Variables (n : nat) (K : 'M[R]_n) (f u : R).
Hypotheses (sK : symmetric K) (f0 : 0 < f) (u0 : 0 < u)
  (low : forall x, f * dot x x <= qf K x) (high : forall x, qf K x <= u * dot x x).

Lemma between_posdef : posdef K.
Proof. by split=> // x x0; apply: lt_le_trans (low x); rewrite mulr_gt0 // dot_gt0. Qed.
Let pK := between_posdef.
Let uK := posdef_unit pK.

(** Cauchy-Schwarz in K, and in 1. *)
Lemma inverse_above x : qf (invmx K) x <= f^-1 * dot x x.
Proof.
set y := invmx K *m x; have qy : qf K y = qf (invmx K) x by rewrite /qf /bf /y mulKVmx // dotC.
have := low y; rewrite qy => h; have q0 : 0 <= qf (invmx K) x by apply/posdef_nonneg/posdef_inv.
case: (eqVneq (qf (invmx K) x) 0) => [->|qn]; first by rewrite mulr_ge0 ?invr_ge0 ?dot_ge0 // ltW.
have qp : 0 < qf (invmx K) x by rewrite lt_neqAle eq_sym qn.
have n1 : nonneg (1%:M : 'M[R]_n) by move=> z; rewrite /qf bf1 dot_ge0.
have := cauchy_schwarz x y (scalar_symmetric _ _) n1; rewrite /qf !bf1 -[dot x y]/(qf (invmx K) x) => cs.
rewrite ler_pdivl_mull // -(ler_pmul2l qp).
have -> : qf (invmx K) x * (f * qf (invmx K) x) = f * qf (invmx K) x ^+ 2 by ring.
apply: (le_trans (ler_wpmul2l (ltW f0) cs)); rewrite mulrCA mulrC.
by apply: ler_wpmul2r; rewrite ?dot_ge0.
Qed.

Lemma inverse_below x : u^-1 * dot x x <= qf (invmx K) x.
Proof.
set y := invmx K *m x; have qy : qf K y = qf (invmx K) x by rewrite /qf /bf /y mulKVmx // dotC.
case: (eqVneq (dot x x) 0) => [->|dn]; first by rewrite mulr0; apply/posdef_nonneg/posdef_inv.
have dp : 0 < dot x x by rewrite lt_neqAle eq_sym dn dot_ge0.
rewrite ler_pdivr_mull // -(ler_pmul2l dp).
have := cauchy_schwarz y x sK (posdef_nonneg pK); rewrite qy.
have -> : bf K y x = dot x x by rewrite (bfC _ _ sK) /bf /y mulKVmx.
rewrite expr2 => cs; apply: (le_trans cs); rewrite mulrC.
have -> : dot x x * (u * qf (invmx K) x) = u * dot x x * qf (invmx K) x by ring.
by apply: ler_wpmul2r; [apply/posdef_nonneg/posdef_inv | apply: high].
Qed.

End Between.

Section Programs.
Variables (propose : proposer) (gather : gatherer).

Lemma betweenP n A f u : between propose n A f u ->
  [/\ 0 < qr f, 0 < qr u, symmetric (mx n n A), (forall x, qr f * dot x x <= qf (mx n n A) x)
    & (forall x, qf (mx n n A) x <= qr u * dot x x)].
Proof.
case/and5P=> /(qr_positive R) f0 /(qr_positive R) u0 /(@symmetricalP R) sA /(@psdP _ R) lo /(@psdP _ R) hi.
split=> // x; [have := lo x | have := hi x]; rewrite mxB mx_scalar /qf bfMD bfMN bfS subr_ge0; exact.
Qed.

Lemma full_bounded n A f u : between propose n A f u -> bounded (constant n f) (constant n u) (mx n n A).
Proof.
move=> /betweenP[f0 u0 sA lo hi]; split; first exact: between_posdef sA f0 lo.
  by rewrite constantE; apply/below_const.
by rewrite constantE; apply/above_const.
Qed.

Lemma inverse_bounded n K f u : between propose n K f u ->
  bounded (constant n (qinv u)) (constant n (qinv f)) (invmx (mx n n K)).
Proof.
move=> /betweenP[f0 u0 sK lo hi]; have pK := between_posdef sK f0 lo.
split; first exact: posdef_inv; rewrite constantE qr_inv //; [apply/below_const | apply/above_const] => x.
  exact: (inverse_below sK f0 u0 lo hi).
exact: (inverse_above sK f0 lo).
Qed.

Lemma full_gaugeP n A f u G : full_gauge propose n A f u = Some G -> gauges G (mx n n A).
Proof.
rewrite /full_gauge; case: ifP => // b [<-]; have bd := full_bounded b.
have [f0 u0 sA lo hi] := betweenP b; rewrite /gauges /= mulmx1 unitmx1; split=> //.
  by split; rewrite ?mul1mx ?mulmx1 //; apply: scalar_symmetric.
by rewrite constantE; apply/below_const.
Qed.

Lemma inverse_gaugeP n K f u G : inverse_gauge propose n K f u = Some G -> gauges G (invmx (mx n n K)).
Proof.
rewrite /inverse_gauge; case: ifP => // b [<-]; have bd := inverse_bounded b.
have [f0 u0 sK lo hi] := betweenP b; have uK := posdef_unit (between_posdef sK f0 lo).
rewrite /gauges /= mul1mx; split=> //; first by split; rewrite ?mulmxV ?mul1mx //; apply: scalar_symmetric.
by rewrite constantE; apply/below_const.
Qed.

Lemma diagonal_gaugeP n f G : diagonal_gauge gather n f = Some G ->
  let d := \row_i qr (f i) in positive d /\ gauges G (diag_mx d : 'M[R]_n).
Proof.
rewrite /diagonal_gauge; case: ifP => // /andP[/gatheredP g /allP p0] [<-].
set d := gather _ in g p0 *.
have -> : \row_(i < n) qr (f i) = rv n d by apply/rowP => i; rewrite mxE -g.
have d0 : positive (rv n d) by move=> i; rewrite rv_at; apply: qr_positive; apply: p0; rewrite mem_iota add0n ltn_ord.
by split=> //; apply: diagonal_gauges.
Qed.

Variables (N : network).
Local Notation n := (units N).
Hypothesis ok : sensible N.

Lemma flow_scaled c M lam : 0 < c -> flow_by R N M lam -> certifies (flow R N) (c *: M) (qr lam).
Proof. by move=> c0 [_ [pM d]]; split; [apply: posdef_scale | apply: decays_scale => //; apply: ltW]. Qed.

(** The time constants of a diagonal metric. *)
Lemma flow_weighted (f : nat -> quotient) lam : 
  flow_by R N (diag_mx (\row_(i < n) (qr (f i) / pace R N 0 i))) lam ->
  certifies (flow R N) (diag_mx (\row_(i < n) qr (qmul (f i) (weight N i)))) (qr lam).
Proof.
have [_ _ _ t0] := sensible_facts R ok.
rewrite /weight; case u: (uniform _ _) => c; last first.
  case: c => _; congr (certifies _ (diag_mx _) _).
  by apply/rowP => i; rewrite !mxE qrM invrK.
have /andP[n0 _] := ok; pose i0 := Ordinal n0.
have -> : diag_mx (\row_(i < n) qr (qmul (f i) q1))
  = (tau R N i0)^-1 *: diag_mx (\row_(i < n) (qr (f i) / pace R N 0 i)) :> 'M[R]_n.
  apply/matrixP => i j; rewrite !mxE mulrnAr; congr (_ *+ _); rewrite qrM qr1 mulr1 invrK.
  have -> : tau R N i = tau R N i0 by apply: qeqP; apply: (all_units u).
  by rewrite mulrCA mulVf ?mulr1 // gt_eqF.
by apply: flow_scaled c; rewrite invr_gt0.
Qed.

Variable root : quotient -> quotient.

Theorem flow_gaugeP p r lam G : qlt q0 lam -> holds propose root N Continuous p r lam ->
  flow_gauge propose gather N r lam = Some G -> exists2 M : 'M[R]_n, certifies (flow R N) M (qr lam) & gauges G M.
Proof.
move=> l0; case: r => [v w||v f|q|m s d|m|M L f|M f] h /=.
- move=> /diagonal_gaugeP[_ g]; eexists; last exact: g.
  have /andP[/andP[/(@positivesP R N) v0 _] _] := h.
  apply: (@flow_weighted (fun i => qmul (entry w i) (qinv (entry v i)))).
  have := absolute_value_rateP R ok l0 h; congr (flow_by _ _ (diag_mx _) _); apply/rowP => i.
  by rewrite /scaling !mxE qrM !rv_at qr_inv //; have := v0 i; rewrite rv_at.
- have c := symmetric_rateP R ok l0 h.
  have : mx n n (shifted N (qmul q2 (qsub q1 (qmul lam (entry (times N) 0)))) (qopp (high N)))
      = flow_metric (qr (high N)) (W_ R N) (1 - qr lam * qr (entry (times N) 0)).
    by rewrite shiftedE /flow_metric !(qrM, qrB) qrN scaleNr qr2 qr1.
  move=> e; case: (side N) c => -[_ c]; [move=> /inverse_gaugeP | move=> /full_gaugeP]; rewrite e => g; eexists;
    [exact: c | exact: g | exact: c | exact: g].
- have [_ c] := product_form_rateP R ok l0 h.
  have /and5P[_ _ _ /(@positivesP R N) s0 _] := h.
  case: (side N) c => c; last first.
    by move=> /full_gaugeP; rewrite mxN mx_rows => g; eexists; [exact: c | exact: g].
  case: ifP => // /gatheredP tE /inverse_gaugeP g; eexists; last exact: g.
  set t := gather _ in tE g *; set S := diag_mx (rv n v) in c.
  have [[pK _ _] _ _ _] := g.
  suff -> : invmx (mx n n (mopp (mcols t (weights N)))) = S *m invmx (- (S *m W_ R N)) *m S by [].
  have tS : diag_mx (rv n t) *m S = 1%:M.
    rewrite mulmx_diag -diag_const_mx; congr diag_mx; apply/rowP => i.
    rewrite mxE tE qr_inv -rv_at ?s0 // mxE mulVf // gt_eqF ?s0 //.
  have St : S *m diag_mx (rv n t) = 1%:M by apply: mulmx1C.
  set K := mx n n _ in pK *; have KE : K = - (W_ R N *m diag_mx (rv n t)) by rewrite /K mxN mx_cols.
  have uK : K \in unitmx by rewrite -unitmx_inv; apply: posdef_unit.
  have QE : - (S *m W_ R N) = S *m K *m S by rewrite KE mulmxN mulNmx -!mulmxA tS mulmx1.
  have uQ : - (S *m W_ R N) \in unitmx.
    by rewrite QE !unitmx_mul uK /=; have [-> _] := mulmx1_unit St.
  have e : K *m (S *m invmx (- (S *m W_ R N)) *m S) = 1%:M.
    have -> : K = diag_mx (rv n t) *m (- (S *m W_ R N)) *m diag_mx (rv n t).
      by rewrite QE !mulmxA tS mul1mx -mulmxA St mulmx1.
    by rewrite !mulmxA -(mulmxA _ (diag_mx (rv n t)) S) tS mulmx1 mulmxK.
  by rewrite -[RHS](mulKmx uK) e mulmx1.
- by [].
- move=> /diagonal_gaugeP[_ g]; eexists; last exact: g.
  apply: (@flow_weighted (fun i => entry m i)); have := singular_value_rateP R ok l0 h.
  by congr (flow_by _ _ (diag_mx _) _); apply/rowP => i; rewrite !mxE rv_at.
- move=> /diagonal_gaugeP[_ g]; eexists; last exact: g.
  apply: (@flow_weighted (fun i => entry m i)); have := disk_rateP R ok l0 h.
  by congr (flow_by _ _ (diag_mx _) _); apply/rowP => i; rewrite !mxE rv_at.
- move=> /full_gaugeP g; exists (mx n n M) => //.
  by have [] := slope_lmi_rateP R ok l0 h.
move=> /full_gaugeP g; exists (mx n n M) => //.
by have [] := vertex_lmi_rateP R ok l0 h.
Qed.

Theorem run_gaugeP s r rho G : has_steps N s -> qle q0 rho -> qlt rho q1 ->
  holds propose root N AsRun s r rho -> run_gauge propose gather N s r rho = Some G ->
  exists2 M : 'M[R]_n, run_by R N M rho & bounded (lowest G) (highest G) M.
Proof.
move=> hs r0 r1; case: r => [v w||v f|q|m k d|m|M L f|M f] h /=.
- move=> /diagonal_gaugeP[_ [g _ _ _]]; eexists; last exact: g.
  have /and3P[/(@positivesP R N) v0 _ _] := h.
  have := absolute_value_factorP R ok hs r0 r1 h; congr (run_by _ _ (diag_mx _) _); apply/rowP => i.
  by rewrite !mxE qrM !rv_at qr_inv //; have := v0 i; rewrite rv_at.
- have := symmetric_factorP R ok hs r0 r1 h.
  have /and3P[_ _ /and4P[_ cr _ _]] := h.
  have rp : 0 < qr rho by have := cr; rewrite -(qr_lt R) qr_abs; apply: le_lt_trans; apply: normr_ge0.
  set K := mscale _ _; have KE : mx n n K
    = (qr rho)^-1 *: euler_metric (qr (high N)) (W_ R N) (qr rho) (qr (entry s 0)).
    by rewrite /K mxZ shiftedE qr_inv // /euler_metric !(qrM, qrB) qrN !(qrM, qrB) qr1 scaleNr !expr2.
  have scaled c M : 0 < c -> run_by R N M rho -> run_by R N (c *: M) rho.
    move=> c0 [b [pM sh]]; split=> //; split; first exact: posdef_scale.
    by move=> A FA e; rewrite /qf !bfMZ mulrCA; apply: ler_wpmul2l (sh A FA e); apply: ltW.
  case: ifP => // b; have [f0 _ sK lo _] := betweenP b; have := posdef_unit (between_posdef sK f0 lo).
  case: (side N) => uK c [<-] /=; eexists; try exact: (full_bounded b); try exact: (inverse_bounded b);
    rewrite KE in uK *.
    by rewrite invmxZ // invrK; apply: scaled.
  by apply: scaled c; rewrite invr_gt0.
- by [].
- by [].
- move=> /diagonal_gaugeP[_ [g _ _ _]]; eexists; last exact: g.
  have := singular_value_factorP R ok hs r0 r1 h.
  by congr (run_by _ _ (diag_mx _) _); apply/rowP => i; rewrite !mxE rv_at.
- move=> /diagonal_gaugeP[_ [g _ _ _]]; eexists; last exact: g.
  have := disk_factorP R ok hs r0 r1 h.
  by congr (run_by _ _ (diag_mx _) _); apply/rowP => i; rewrite !mxE rv_at.
- move=> /full_gaugeP[g _ _ _]; exists (mx n n M) => //; exact: slope_lmi_factorP h.
move=> /full_gaugeP[g _ _ _]; exists (mx n n M) => //; exact: vertex_lmi_factorP h.
Qed.

End Programs.
End Meaning.
