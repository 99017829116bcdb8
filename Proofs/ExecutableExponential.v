(** Exponential steps without a linear coupling, C = diag(exp(-h / tau_i)) (Swift: [UnitTimes]; theory 6):

        x+ = C x + (1 - C) (W phi(x) + K psi(x) + u)

    They are Euler steps of sizes s_i = 1 - exp(-h / tau_i), which are no rational numbers. Somebody proposes rational
    s'_i with |s_i - s'_i| <= eps s'_i. Any rule judges the Euler step A' of these sizes; the step itself is
    A = A' + E (A' - 1) with |E_ii| <= eps, so |A|_M <= rho' + k eps (1 + rho') where k^2 bounds the condition of M,
    and k = 1 where all units have one size. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue Instability.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense ExecutableSlopeLMI ExecutableDeterminant
  ExecutableRefutation ExecutableInertia Executable ExecutableRestriction ExecutableGauges ExecutableAssembly
  ExecutableTrees ExecutableSizes ExecutableDecay.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** Rational sizes of the step, their inverses, and how far they are from the true ones. *)
Record near_sizes := NearSizes { sizes_near : vector; sizes_inverse : vector; near_by : quotient }.

Section Programs.
Variables (help : helpers) (fuel : nat) (triangulate : triangulator) (brackets : bracketer).
Variables (N : network) (h : quotient) (near : near_sizes).
Local Notation n := (units N).
Local Notation s := (sizes_near near).
Local Notation eps := (near_by near).

(** h / tau_i. *)
Definition time_step i := qmul h (qinv (entry (times N) i)).

(** The network that runs by Euler steps of the rational sizes. *)
Definition stepped :=
  Network n (side N) (weights N) (coupling N) (nonlinear N) (low N) (high N) (sizes_inverse near) (Euler q1).

Definition size_shown i := let '(b, bs) := brackets (time_step i) in
  [&& decay_shown (time_step i) b bs, qle (qsub q1 b.1) (qmul (qadd q1 eps) (entry s i)) &
      qle (qmul (qsub q1 eps) (entry s i)) (qsub q1 b.2)].

Definition exponential_stepped :=
  [&& sensible N, qlt q0 h, ~~ isSome (coupling N), sensible stepped, has_steps stepped s, qle q0 eps &
      all size_shown (iota 0 n)].

Definition one_size := uniform n (times N) && uniform n s.

(** diag(highest) <= k^2 diag(lowest). *)
Definition narrow k G := let top := largest (map (entry (highest G)) (iota 0 n)) in
  qle q0 k && all (fun i => qle top (qmul (qmul k k) (entry (lowest G) i))) (iota 0 n).

(** The condition itself: it is at least 1. *)
Definition condition G := qmul (largest (map (entry (highest G)) (iota 0 n)))
  (largest (map (fun i => qinv (entry (lowest G) i)) (iota 0 n))).

(** t proves the factor rho' of the Euler step; rho is what is claimed of the exponential one. *)
Definition check_exponential (t : tree) (rho' rho : quotient) : option reason :=
  if ~~ (qle q0 rho && qlt rho q1) then Some NotContracting else
  if ~~ exponential_stepped then Some NotTheseSteps else
  if judge_run help fuel (~~ one_size) stepped s t rho' is Some G then
    let k := if one_size then q1 else condition G in
    if (one_size || narrow k G) && qle (qadd rho' (qmul (qmul eps k) (qadd q1 rho'))) rho then None
    else Some NotShown
  else Some NotShown.

(** The largest sum of magnitudes in a row. *)
Definition widest A := largest (map (row_sum n (mabs A) (constant n q1)) (iota 0 n)).

(** |x^T (A^T M A - A'^T M A') x| is at most this times |x|^2, B = A' - 1. *)
Definition inertia_loss M B :=
  qmul (qmul (qof (Z.of_nat n)) eps) (qmul (qof (Zpos 3)) (qmul (widest M) (square (qadd q1 (widest B))))).

(** c^2 M - A^T M A > 0 for the Euler step with so much to spare that it holds for the exponential one. *)
Definition exponential_inertia active M x c :=
  let B := mrows s (jacobian N active) in let A := madd (mscalar n q1) B in
  let loss := inertia_loss M B in
  [&& exponential_stepped, qle eps q1, slope_zero N, not_positive N M x, qle q1 c &
      pd (propose help) n
        (msub (msub (mscale (qmul c c) M) (mmul n n (mmul n n (mtr n A) M) A)) (mscalar n loss))].

Definition check_exponential_refutation (r : refutation) : option reason :=
  if ~~ [&& sensible N, qlt q0 h & ~~ isSome (coupling N)] then Some NotTheseSteps else
  match r with
  | PrincipalMinor active => if flow_determinant triangulate N active then None else Some NotShown
  | Inertia active M x c => if exponential_inertia active M x c then None else Some NotShown
  | _ => Some NotShown
  end.

Section Meaning.
Variables (R : realFieldType) (e : R -> R).
Hypothesis laws : exponential e.
Local Notation qr := (qr R).
Local Notation mx := (mx R n n).

(** exp(-h / tau_i). *)
Definition decay : 'rV[R]_n := \row_i e (- (qr h / tau R N i)).

Definition exponential_run : family R n := fun A => exists2 X, driven (N := N) X &
  A = diag_mx decay + (1%:M - diag_mx decay) *m X.

Definition exponential_claim rho := exists M : 'M[R]_n, 0 <= qr rho < 1 /\ contracts exponential_run M (qr rho).

Definition exponential_refuted := forall (M : 'M[R]_n) rho, 0 <= rho < 1 -> ~ contracts exponential_run M rho.

Lemma time_stepE i : sensible N -> (i < n)%N -> qr (time_step i) = qr h / tau R N i.
Proof.
by move=> ok i_n; have [_ _ _ t0] := sensible_facts R ok; rewrite qrM qr_inv //; apply: (t0 (Ordinal i_n)).
Qed.

Lemma size_gt0 i : sensible N -> qlt q0 h -> 0 < 1 - decay 0 i.
Proof.
move=> ok /(qr_positive R) h0; have [_ _ _ t0] := sensible_facts R ok.
by rewrite mxE subr_gt0; apply: (exponential_lt1 laws); rewrite divr_gt0.
Qed.

(** Without a linear coupling. *)
Lemma alone_driven X : ~~ isSome (coupling N) -> driven (N := N) X -> linear R N (X - 1%:M).
Proof.
move=> noL; have L0 : L_ R N = 0 by rewrite /L_ /coupled_matrix; case: (coupling N) noL => // _; apply: mx_zero.
rewrite /driven /linear; case: (side N) => [[d [d' [sd sd' ->]]]|[d sd ->]]; rewrite L0.
  by exists d, d'; split=> //; rewrite addr0.
by exists d => //; rewrite addr0.
Qed.

Lemma driven_alone B : ~~ isSome (coupling N) -> linear R N B -> driven (N := N) (B + 1%:M).
Proof.
move=> noL; have L0 : L_ R N = 0 by rewrite /L_ /coupled_matrix; case: (coupling N) noL => // _; apply: mx_zero.
by move/linear_driven=> [X dX ->]; rewrite L0 addr0 subrK.
Qed.

Lemma exponential_euler X :
  diag_mx decay + (1%:M - diag_mx decay) *m X = 1%:M + (1%:M - diag_mx decay) *m (X - 1%:M).
Proof. by rewrite mulmxBr mulmx1 opprB addrCA [1%:M + (_ - _)]addrC subrK addrC. Qed.

(** E: the sizes relative to the rational ones. *)
Definition away : 'rV[R]_n := \row_i ((1 - decay 0 i) / qr (entry s i) - 1).

Lemma near_facts : exponential_stepped ->
  [/\ forall i : 'I_n, 0 < qr (entry s i), step R stepped = rv R n s, 0 <= qr eps & forall i, `|away 0 i| <= qr eps].
Proof.
case/and5P=> ok h0 _ ok' /and3P[hs /(qr_nonneg R) e0 shown].
have sE : step R stepped = rv R n s by rewrite -(stepsP R ok' hs).
have s0 (i : 'I_n) : 0 < qr (entry s i) by have := step_gt0 R ok' hs i; rewrite sE rv_at.
split=> // i; have := all_units shown i; rewrite /size_shown; case: (brackets _) => b bs /and3P[d].
have x0 : 0 <= qr (time_step i).
  rewrite time_stepE //; have [_ _ _ t0] := sensible_facts R ok.
  by rewrite divr_ge0 ?(ltW (t0 i)) // ltW // qr_positive.
have [_ /andP[lo up]] := decay_shownP laws x0 d; rewrite -!(qr_le R) !(qrM, qrD, qrB) qr1 => le1 le2.
rewrite time_stepE // in lo up; set c := e _ in lo up; have sp := s0 i.
have -> : away 0 i = (1 - c - qr (entry s i)) / qr (entry s i).
  by rewrite !mxE [RHS]mulrBl divff // gt_eqF.
rewrite normrM normfV (gtr0_norm sp) ler_pdivr_mulr // ler_norml; apply/andP; split.
  have -> : - (qr eps * qr (entry s i)) = (1 - qr eps) * qr (entry s i) - qr (entry s i) by ring.
  by rewrite ler_add2r; apply: (le_trans le2); rewrite ler_add2l ler_opp2.
have -> : qr eps * qr (entry s i) = (1 + qr eps) * qr (entry s i) - qr (entry s i) by ring.
by rewrite ler_add2r; apply: le_trans le1; rewrite ler_add2l ler_opp2.
Qed.

Lemma exponential_near X : exponential_stepped ->
  let A' := 1%:M + diag_mx (rv R n s) *m (X - 1%:M) in
  diag_mx decay + (1%:M - diag_mx decay) *m X = A' + diag_mx away *m (A' - 1%:M).
Proof.
move=> ex A'; have [s0 _ _ _] := near_facts ex; rewrite exponential_euler /A' [1%:M + _ - _]addrC addKr.
rewrite -addrA mulmxA -mulmxDl; congr (_ + _ *m _).
apply/matrixP => i j; rewrite mul_diag_mx !mxE -/(entry _ _).
have [->|ij] := eqVneq i j; last by rewrite !mulr0n !mulr0 addr0 subr0.
by rewrite !mulr1n rv_at -[X in _ = X + _]mul1r -mulrDl addrCA subrr addr0 divfK // gt_eqF.
Qed.

Lemma near_member X : exponential_stepped -> driven (N := N) X ->
  run R stepped (1%:M + diag_mx (rv R n s) *m (X - 1%:M)).
Proof.
move=> ex dX; have [_ sE _ _] := near_facts ex; have /and5P[_ _ noL _ _] := ex.
exists (diag_mx (rv R n s) *m (X - 1%:M)); last by rewrite scale1r.
by exists (X - 1%:M); [exact: alone_driven | rewrite sE].
Qed.

Lemma perturbed (M A E : 'M[R]_n) r k : posdef M -> 0 <= r -> 0 <= k ->
  (forall x, qf M (A *m x) <= r ^+ 2 * qf M x) -> (forall x, qf M (E *m x) <= k ^+ 2 * qf M x) ->
  forall x, qf M ((A + E *m (A - 1%:M)) *m x) <= (r + k * (1 + r)) ^+ 2 * qf M x.
Proof.
move=> pM r0 k0 hA hE x; have sM := posdef_symmetric pM; have nM := posdef_nonneg pM.
rewrite mulmxDl -mulmxA; apply: minkowski => //; first by rewrite mulr_ge0 // addr_ge0.
apply: (le_trans (hE _)); rewrite exprMn -[X in _ <= X]mulrA; apply: ler_wpmul2l; first exact: sqr_ge0.
by rewrite mulmxBl mul1mx [_ - x]addrC; apply: minkowski => //; rewrite qfN expr1n mul1r.
Qed.

Lemma away_narrow (M : 'M[R]_n) k G : exponential_stepped -> narrow k G -> bounded (lowest G) (highest G) M ->
  forall x, qf M (diag_mx away *m x) <= (qr eps * qr k) ^+ 2 * qf M x.
Proof.
move=> ex /andP[/(qr_nonneg R) k0 wide] [pM lo up] x; have [_ _ e0 small] := near_facts ex.
apply: (le_trans (up _)).
apply: (@le_trans _ _ ((qr eps * qr k) ^+ 2 * qf (diag_mx (rv R n (lowest G))) x)); last first.
  by apply: ler_wpmul2l (lo x); apply: sqr_ge0.
rewrite !qf_diag mulr_sumr; apply: ler_sum => i _; rewrite mul_diag_mx mxE exprMn !rv_at.
set top := largest _ in wide; have t0 : 0 <= qr top := largest_ge0 R _.
have a2 : away 0 i ^+ 2 <= qr eps ^+ 2 by rewrite -real_normK ?num_real // ler_sqr ?nnegrE.
apply: (@le_trans _ _ (qr top * (away 0 i ^+ 2 * x i 0 ^+ 2))).
  apply: ler_wpmul2r (largest_iota R (entry (highest G)) i).
  by apply: mulr_ge0; apply: sqr_ge0.
apply: (@le_trans _ _ (qr top * (qr eps ^+ 2 * x i 0 ^+ 2))).
  by apply: (ler_wpmul2l t0); apply: ler_wpmul2r a2; apply: sqr_ge0.
have := all_units wide i; rewrite -(qr_le R) !qrM -expr2 => le.
have -> : (qr eps * qr k) ^+ 2 * (qr (entry (lowest G) i) * x i 0 ^+ 2)
  = (qr k ^+ 2 * qr (entry (lowest G) i)) * (qr eps ^+ 2 * x i 0 ^+ 2) by ring.
by apply: ler_wpmul2r le; apply: mulr_ge0; apply: sqr_ge0.
Qed.

(** One time constant: E is a multiple of 1. *)
Lemma away_one (M : 'M[R]_n) : exponential_stepped -> one_size -> posdef M ->
  forall x, qf M (diag_mx away *m x) <= qr eps ^+ 2 * qf M x.
Proof.
move=> ex /andP[ut us] pM x; have [_ _ e0 small] := near_facts ex.
have i0 : 'I_n by have /and5P[ok _ _ _ _] := ex; exact: first_unit ok.
have -> : away = const_mx (away 0 i0).
  apply/rowP => i; have tE (j : 'I_n) : tau R N j = tau R N 0 by apply: qeqP; apply: (all_units ut).
  have wE (j : 'I_n) : qr (entry s j) = qr (entry s 0) by apply: qeqP; apply: (all_units us).
  by rewrite !mxE !tE !wE.
rewrite diag_const_mx mul_scalar_mx qfZ; apply: ler_wpmul2r; first exact: posdef_nonneg.
by rewrite -real_normK ?num_real // ler_sqr ?nnegrE.
Qed.

Theorem check_exponential_sound t rho' rho : check_exponential t rho' rho = None -> exponential_claim rho.
Proof.
rewrite /check_exponential; case: (boolP (_ && _)) => //= /andP[r0 r1].
case: (boolP exponential_stepped) => //= ex; case judged: (judge_run _ _ _ _ _ _ _) => [G|] //.
have [M [/andP[p0 p1] [pM sh]] known] := judge_runP R judged; have [_ _ e0 _] := near_facts ex.
set k := if one_size then _ else _; case: (boolP (_ && _)) => // /andP[narrowed].
rewrite -(qr_le R) !(qrD, qrM) qr1 => le _.
have [k0 small] : 0 <= qr k /\ forall x, qf M (diag_mx away *m x) <= (qr eps * qr k) ^+ 2 * qf M x.
  move: narrowed known; rewrite /k; case: (boolP one_size) => one /=.
    by move=> _ _; rewrite qr1 mulr1 ler01; split=> //; apply: away_one.
  by move=> nk /(_ isT) known; split; [have /andP[/(qr_nonneg R)] := nk | apply: away_narrow known].
exists M; split; first by rewrite (qr_nonneg R r0) -(qr1 R) qr_lt.
have ek0 : 0 <= qr eps * qr k by apply: mulr_ge0.
split=> // _ [X dX ->] x; rewrite exponential_near //.
have := perturbed pM p0 ek0 (sh _ (near_member ex dX)) small x; move/le_trans; apply.
apply: ler_wpmul2r; first exact: posdef_nonneg.
have q0 : 0 <= qr rho' + qr eps * qr k * (1 + qr rho').
  by apply: addr_ge0 => //; apply: mulr_ge0 => //; apply: addr_ge0 p0; apply: ler01.
by rewrite ler_sqr ?nnegrE // (le_trans q0).
Qed.

(** ** Refutations *)

Lemma vertex_driven active : ~~ isSome (coupling N) -> sensible N -> slope_zero N ->
  driven (N := N) (mx (jacobian N active) + 1%:M).
Proof. by move=> noL ok z; apply: driven_alone => //; apply: jacobian_linear. Qed.

Theorem exponential_determinantP active : sensible N -> qlt q0 h -> ~~ isSome (coupling N) ->
  flow_determinant triangulate N active -> exponential_refuted.
Proof.
move=> ok h0 noL /andP[z /(@det_nonpositiveP _ N R)]; rewrite mxN => dJ M rho.
have dX := vertex_driven active noL ok z; set X := _ + 1%:M in dX.
apply: (@determinant_map _ _ exponential_run _ (ex_intro2 _ _ X dX erefl)).
have one : 1%:M - diag_mx decay = diag_mx (\row_i (1 - decay 0 i)).
  by apply/matrixP => i j; rewrite !mxE; case: eqP => _; rewrite ?mulr1n ?mulr0n ?subr0.
rewrite exponential_euler opprD addrA subrr add0r /X addrK one.
by apply: paced_det => // i; rewrite mxE; apply: size_gt0.
Qed.

Lemma widestP A (i : 'I_n) : \sum_j `|mx A i j| <= qr (widest A).
Proof.
apply: le_trans (largest_iota R (row_sum n (mabs A) (constant n q1)) i).
rewrite row_sum_ord constantE qr1; apply: ler_sum => j _; by rewrite [X in _ * X]mxE mulr1 mx_abs.
Qed.

Lemma image_size A (x : 'cV[R]_n) b : 0 <= b -> (forall i, `|x i 0| <= b) ->
  forall i, `|(mx A *m x) i 0| <= qr (widest A) * b.
Proof.
move=> b0 hx i; rewrite mxE; apply: (le_trans (ler_norm_sum _ _ _)).
apply: (@le_trans _ _ ((\sum_j `|mx A i j|) * b)); last exact: ler_wpmul2r (widestP A i).
by rewrite mulr_suml; apply: ler_sum => j _; rewrite normrM; apply: ler_wpmul2l.
Qed.

Lemma form_size A (x y : 'cV[R]_n) a b : 0 <= a -> 0 <= b ->
  (forall i, `|x i 0| <= a) -> (forall i, `|y i 0| <= b) -> bf (mx A) x y <= n%:R * (a * (qr (widest A) * b)).
Proof.
move=> a0 b0 hx hy; apply: (le_trans (ler_norm _)); apply: (le_trans (ler_norm_sum _ _ _)).
rewrite -[X in X%:R]card_ord -sumr_const mulr_suml; apply: ler_sum => i _; rewrite mul1r normrM.
by apply: ler_pmul => //; apply: image_size.
Qed.

Lemma largest_coordinate (x : 'cV[R]_n) : 'I_n -> exists2 a, 0 <= a & (forall i, `|x i 0| <= a) /\ a ^+ 2 <= dot x x.
Proof.
move=> i0; case: (@Order.TotalTheory.arg_maxP _ _ _ i0 predT (fun i => `|x i 0|)) => // i _ most.
exists `|x i 0| => //; split=> [j|]; first exact: most.
rewrite real_normK ?num_real // /dot (bigD1 i) //= -expr2 ler_addl.
by apply: sumr_ge0 => j _; rewrite -expr2 sqr_ge0.
Qed.

Lemma natE k : zr R (Z.of_nat k) = k%:R.
Proof. by elim: k => [|k IH] //; rewrite Nat2Z.inj_succ -Z.add_1_r zrD IH mulrS addrC. Qed.

End Meaning.

Section Archimedean.
Variables (R : archiFieldType) (e : R -> R).
Hypothesis laws : exponential e.
Local Notation qr := (qr R).
Local Notation mx := (mx R n n).

Theorem exponential_inertiaP active M x c : exponential_inertia active M x c -> exponential_refuted e.
Proof.
move=> /and5P[ex e1 z mx_neg /andP[c1 /(@pdP _ R)[_ dec]]].
have /and5P[ok _ noL _ _] := ex; have [_ _ e0 small] := near_facts laws ex.
have {mx_neg} [sM x0 Mx] := not_positiveP R mx_neg; rewrite -!(qr_le R) qr1 in c1 e1.
have dX := @vertex_driven R active noL ok z; set X := _ + 1%:M in dX.
have F : exponential_run e (diag_mx (decay e) + (1%:M - diag_mx (decay e)) *m X) by exists X.
apply: (inertia_map F c1 x0 Mx) => y y0; rewrite (exponential_near laws) // /X addrK {F}.
have {dec} := dec y y0; set B := mrows s (jacobian N active); set A := madd (mscalar n q1) B.
have AE : 1%:M + diag_mx (rv R n s) *m mx (jacobian N active) = mx A.
  by rewrite /A mxD mx_scalar qr1 mx_rows.
have BE : mx A - 1%:M = mx B.
  by rewrite /A mxD mx_scalar qr1 addrC addKr.
rewrite AE BE /inertia_loss !mxB mxZ !mxM mxT mx_scalar qrM qrM qrM qr_of natE qrM qr_of qrM /square qrM qrD qr1.
rewrite -!expr2.
set P := mx M in sM *; set m := qr (widest M); set b := qr (widest B).
set u := mx A; set v := mx B; set E := diag_mx _ => dec.
have [a a0 [ya a2]] := largest_coordinate y (first_unit ok).
have m0 : 0 <= m := largest_ge0 R _. have b0 : 0 <= b := largest_ge0 R _.
have va i : `|(v *m y) i 0| <= b * a by apply: image_size.
have ua i : `|(u *m y) i 0| <= (1 + b) * a.
  have -> : u = 1%:M + v by rewrite /v -BE addrC subrK.
  rewrite mulmxDl mul1mx mxE mulrDl mul1r; apply: (le_trans (ler_norm_add _ _)); exact: ler_add.
have da i : `|(E *m (v *m y)) i 0| <= qr eps * (b * a).
  by rewrite mul_diag_mx mxE normrM; apply: ler_pmul.
have ba0 : 0 <= b * a by apply: mulr_ge0. have ea0 : 0 <= qr eps * (b * a) by apply: mulr_ge0.
have ua0 : 0 <= (1 + b) * a by apply: mulr_ge0 => //; apply: addr_ge0 b0; apply: ler01.
have cross := form_size M ua0 ea0 ua da; have own := form_size M ea0 ea0 da da.
move: dec; rewrite /qf !bfMD !bfMN !bfMZ (bf_mul _ u) (bf_mul _ (u + E *m v)) !bf_mulT bfS -/P.
rewrite -!/(qf P _) mulmxDl -mulmxA qfD //.
rewrite -/P -!/(qf P _) -/m in cross own; move: (bf P (u *m y) _) (qf P (E *m _)) cross own => f g cross own dec.
apply: (lt_le_trans dec); rewrite -addrA ler_add2l -opprD ler_opp2 -addrA ler_add2l.
pose l := n%:R * m * qr eps; have l0 : 0 <= l by apply: mulr_ge0 e0; apply: mulr_ge0 m0; apply: ler0n.
apply: (@le_trans _ _ (l * (3%:R * (1 + b) ^+ 2) * a ^+ 2)); last first.
  rewrite -[zr R 3]/(zr R (Z.of_nat 3)) natE.
  have -> : n%:R * qr eps * (3%:R * (m * (1 + b) ^+ 2)) = l * (3%:R * (1 + b) ^+ 2) by rewrite /l; ring.
  by apply: ler_wpmul2l a2; rewrite mulr_ge0 // mulr_ge0 ?ler0n ?sqr_ge0.
apply: le_trans (ler_add (ler_wpmul2l (ler0n _ 2) cross) own) _.
have s0 : 0 <= l * a ^+ 2 * (3%:R + 4%:R * b + (1 - qr eps) * b ^+ 2).
  apply: mulr_ge0; first exact: mulr_ge0 l0 (sqr_ge0 _).
  apply: addr_ge0; first exact: addr_ge0 (ler0n _ _) (mulr_ge0 (ler0n _ _) b0).
  by apply: mulr_ge0 (sqr_ge0 _); rewrite subr_ge0.
by apply: le_by _ s0; rewrite /l; ring.
Qed.

Theorem check_exponential_refutation_sound r : check_exponential_refutation r = None -> exponential_refuted e.
Proof.
rewrite /check_exponential_refutation; case: (boolP [&& _, _ & _]) => //= /and3P[ok h0 noL].
case: r => [active||active M x c|] //.
  by case d: (flow_determinant _ _ _) => // _; apply: (exponential_determinantP laws ok h0 noL d).
by case i: (exponential_inertia _ _ _ _) => // _; exact: exponential_inertiaP i.
Qed.

End Archimedean.
End Programs.
