(** The rules symmetric, product-form, singular-value and disk, as programs. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue FormTransfer Symmetric ProductForm SingularValue Disk.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition q0 := qof Z0.
Definition q1 := qof (Zpos 1).
Definition q2 := qof (Zpos 2).
Definition q4 := qof (Zpos 4).

Section Programs.
Variables (propose : proposer) (root : quotient -> quotient) (N : network).
Local Notation n := (units N).
Local Notation psd := (psd propose n).
Local Notation pd := (pd propose n).

(** aI + bW. *)
Definition shifted a b := madd (mscalar n a) (mscale b (weights N)).

Definition symmetric_rate lam :=
  let a := qsub q1 (qmul lam (entry (times N) 0)) in
  [&& plain N, uniform n (times N), symmetrical n (weights N), qlt q0 a & psd (shifted a (qopp (high N)))].

Definition symmetric_factor s rho :=
  let h := entry s 0 in let c := qsub q1 h in let hg := qmul h (high N) in
  [&& plain N, uniform n s, symmetrical n (weights N), qlt (qabs c) rho,
      psd (shifted (qsub rho c) (qopp hg)) & psd (shifted (qadd rho c) hg)].

Definition product_form_rate v floor lam :=
  let Q := mopp (mrows v (weights N)) in
  [&& plain N, uniform n (times N), qle (qmul lam (entry (times N) 0)) q1, positives n v, qlt q0 floor &
      pd (msub Q (mscalar n floor))].

(** k^2 P - X^T P X psd: |X|_P <= k. *)
Definition norm_below p X k :=
  psd (msub (mscale (qmul k k) (mdiag p)) (mmul n n (mtr n X) (mrows p X))).

(** max(-W_ii, 0). *)
Definition inhibition := Vector (map (fun i => Z.max Z0 (Z.opp (at2 (entries (weights N)) i i))) (iota 0 n))
  (scale (weights N)).

Definition singular_value_rate p s (drops : bool) lam :=
  let V := if drops then madd (weights N) (mdiag inhibition) else weights N in
  let mu := qsub q1 (qadd (qmul lam (slowest_time N)) (qmul (spread N) s)) in
  let X := mscale (middle N) V in
  let X := if coupling N is Some L then madd X L else X in
  let X := if drops then msub X (mscale (low N) (mdiag inhibition)) else X in
  let PX := mrows p X in
  [&& single N, positives n p, qle q0 s, qlt q0 (slowest_time N), norm_below p V s &
      psd (msub (mscale (qmul q2 mu) (mdiag p)) (madd PX (mtr n PX)))].

Definition singular_value_factor p s steps rho :=
  let h := entry steps 0 in
  [&& plain N, uniform n steps, positives n p, qle q0 s,
      qle (qadd (qabs (qsub q1 h)) (qmul (qmul h (high N)) s)) rho & norm_below p (weights N) s].

Definition disk_rate p lam :=
  let k2 := qmul q4 (qsub q1 (qmul lam (slowest_time N))) in let k := root k2 in
  [&& plain N, positives n p, qlt q0 (slowest_time N), qle (qmul k k) k2 &
      norm_below p (shifted q1 (high N)) k].

Definition disk_factor p steps rho :=
  let h := entry steps 0 in let c := qsub q1 h in
  let k2 := qmul (qmul (qsub (qmul rho rho) (qmul c c)) (qsub q2 h)) (qinv h) in let k := root k2 in
  [&& plain N, uniform n steps, positives n p, qlt h q2, qle (qmul k k) k2 &
      norm_below p (shifted c (high N)) k].

Section Meaning.
Variable R : realFieldType.
Local Notation qr := (qr R).
Local Notation mx := (mx R n n).
Local Notation rv := (rv R n).
Local Notation W := (W_ R N).
Local Notation g := (qr (high N)).
Hypothesis ok : sensible N.

Lemma qr2 : qr q2 = 2%:R. Proof. exact: qr_of. Qed.
Lemma qr4 : qr q4 = 4%:R. Proof. exact: qr_of. Qed.

Lemma high_ge0 : 0 <= g.
Proof. by have [l0 lg _ _] := sensible_facts R ok; apply: le_trans lg. Qed.

Lemma low_ge0 : 0 <= qr (low N). Proof. by have [] := sensible_facts R ok. Qed.

(** The family of a network without couplings lies in that with slopes in [0, g]. *)
Lemma plain_zero A : plain N -> linear R N A ->
  match side N with Outside => outside 0 g W 0 A | Inside => inside 0 g W 0 A end.
Proof.
move=> pl /(plain_linear pl); have l0 := low_ge0.
by case: (side N) => h; have [o i] := @from_zero R N W 0 A l0; [apply: o | apply: i].
Qed.

Lemma shiftedE a b : mx (shifted a b) = (qr a)%:M + qr b *: W.
Proof. by rewrite mxD mx_scalar mxZ. Qed.

Theorem symmetric_rateP lam : qlt q0 lam -> symmetric_rate lam ->
  let M := flow_metric g W (1 - qr lam * qr (entry (times N) 0)) in
  flow_by R N (if side N is Outside then invmx M else M) lam.
Proof.
move=> l0 /and5P[pl u /(@symmetricalP R) sW /(qr_positive R) a0 /(@psdP _ R)].
rewrite shiftedE qrN scaleNr => psdW; set a := qsub _ _ in a0 psdW.
have aE : qr lam * qr (entry (times N) 0) = 1 - qr a by rewrite qrB qrM qr1; ring.
have pl' := @plain_zero _ pl; rewrite aE subKr.
case: (side N) pl' => sub.
  apply: (flow_uniform (M := invmx (flow_metric g W (qr a))) (mu := 1 - qr a)) => //; first by rewrite aE.
  exact: certifies_sub sub (symmetric_flow_outside sW a0 psdW).
apply: (flow_uniform (M := flow_metric g W (qr a)) (mu := 1 - qr a)) => //; first by rewrite aE.
exact: certifies_sub sub (symmetric_flow sW a0 psdW).
Qed.

Theorem symmetric_factorP s rho : has_steps N s -> qle q0 rho -> qlt rho q1 ->
  symmetric_factor s rho ->
  let M := euler_metric g W (qr rho) (qr (entry s 0)) in
  run_by R N (if side N is Outside then invmx M else M) rho.
Proof.
move=> hs r0 r1 /and3P[pl u /and4P[/(@symmetricalP R) sW]]; rewrite -(qr_lt R) qr_abs qrB qr1 => c_rho.
move=> /(@psdP _ R) p1 /(@psdP _ R) p2.
rewrite shiftedE qrN scaleNr qrM !qrB qr1 in p1; rewrite shiftedE qrM qrD qrB qr1 in p2.
have sub := @plain_zero _ pl; case: (side N) sub => sub; apply: (run_of_euler ok hs u r0 r1 sub) => //.
  exact: symmetric_euler_outside.
exact: symmetric_euler.
Qed.

Theorem product_form_rateP v floor lam : qlt q0 lam -> product_form_rate v floor lam ->
  let S := diag_mx (rv v) in let Q := - (S *m W) in
  flow_by R N (if side N is Outside then S *m invmx Q *m S else Q) lam.
Proof.
move=> l0 /and5P[pl u le /(@positivesP R N) v0 /andP[f0 /(@pdP _ R)]].
rewrite mxB mxN mx_rows mx_scalar => pQ; have fp := qr_positive R f0.
have {}pQ : posdef (- (diag_mx (rv v) *m W)).
  rewrite -[X in posdef X](subrK (qr floor)%:M); apply: posdef_add => //; first exact: scalar_symmetric.
  by apply/posdef_nonneg/scalar_posdef.
have lt : qr lam * qr (entry (times N) 0) <= 1 by rewrite -qrM -[1](qr1 R) qr_le.
have sub A := @plain_linear R N A pl; have l_ := low_ge0.
case: (side N) sub => sub; apply: (flow_uniform ok u l0 lt); apply: certifies_sub sub _.
  exact: product_form_outside.
exact: product_form_inside.
Qed.

Lemma norm_belowP p X k : norm_below p X k -> norm_le (rv p) (mx X) (qr k).
Proof.
move=> /(@psdP _ R) h x; have := h x.
rewrite mxB mxZ mxM mxT mx_rows mx_diag qrM /qf bfMD bfMN bfMZ bf_mulT -expr2 -bf_mul.
by rewrite subr_ge0 /bf -!mulmxA.
Qed.

Lemma inhibition_ge0 i : 0 <= rv inhibition 0 i.
Proof.
rewrite rv_at /qr divr_ge0 ?(ltW (zr_pos _ _)) //= /at1 (nth_map 0%N) ?size_iota //.
by rewrite -(zr0 R) zr_le; lia.
Qed.

Theorem singular_value_rateP p s drops lam : qlt q0 lam -> singular_value_rate p s drops lam ->
  flow_by R N (diag_mx (\row_i (rv p 0 i / pace R N 0 i))) lam.
Proof.
rewrite /singular_value_rate; set mu := qsub _ _; set V := if drops then _ else _.
move=> l0 /and5P[one p0 s0 T0 /andP[/norm_belowP hV /(@psdP _ R) hX]].
have sp := qr_nonneg R s0; have [_ lg _ _] := sensible_facts R ok.
pose t : 'rV[R]_n := if drops then rv inhibition else 0.
have t0 i : 0 <= t 0 i by rewrite /t; case: (drops); rewrite ?mxE // inhibition_ge0.
have VE : mx V = W + diag_mx t.
  by rewrite /V /t; case: (drops); rewrite ?mxD ?mx_diag // linear0 addr0.
have WE : W = mx V - diag_mx t by rewrite VE addrK.
have mE : qr (middle N) = (qr (low N) + g) / 2%:R by rewrite !qrM !qrD qr_half mulrC.
have hmu e : bf (diag_mx (rv p)) e ((((qr (low N) + g) / 2%:R) *: mx V + L_ R N - qr (low N) *: diag_mx t) *m e)
    <= qr mu * qf (diag_mx (rv p)) e.
  have := hX e; rewrite mxB mxD mxZ mxT !mx_rows mx_diag qrM qr2.
  set X := mx (if drops then _ else _).
  have -> : X = ((qr (low N) + g) / 2%:R) *: mx V + L_ R N - qr (low N) *: diag_mx t.
    rewrite /X /t /L_ /coupled_matrix -mE; case: (drops); case: (coupling N) => [K|] /=;
      by rewrite ?mxB ?mxD ?mxZ ?mx_diag ?mx_zero ?linear0 ?scaler0 ?subr0 ?addr0.
  move: (_ + _ - _) => Y; rewrite /qf bfMD bfMN bfMD bfMZ bfT bf_mul -/(qf _ _) => h.
  by apply: (le_by (s := _ / 2%:R) _ (divr_ge0 h (ler0n _ 2))); field.
have rate : qr lam * qr (slowest_time N) <= 1 - qr mu - (g - qr (low N)) / 2%:R * qr s.
  rewrite le_eqVlt; apply/orP; left; apply/eqP.
  by rewrite /mu !(qrB, qrD, qrM) qr_half qr1; field.
have sub A := @single_linear R N A one.
apply: (flow_slowest ok p0 l0 T0 rate); have {}p0 := @positivesP R N _ p0.
case: (side N) sub => sub; apply: decays_sub sub _; rewrite WE.
  by have [] := singular_value_outside p0 t0 sp lg hV hmu.
by have [] := singular_value_inside p0 t0 sp lg hV hmu.
Qed.

Theorem singular_value_factorP p s steps rho : has_steps N steps -> qle q0 rho -> qlt rho q1 ->
  singular_value_factor p s steps rho -> run_by R N (diag_mx (rv p)) rho.
Proof.
move=> hs r0 r1 /and5P[pl u /(@positivesP R N) p0 /(qr_nonneg R) s0 /andP[le /norm_belowP hW]].
have hp := step_gt0_uniform R ok hs u; have g0 := high_ge0; have l0 := low_ge0.
rewrite -(qr_le R) qrD qr_abs qrB qr1 !qrM in le.
have sub A := @plain_linear R N A pl.
have lg : - g <= qr (low N) by apply: le_trans l0; rewrite oppr_le0.
have b0 : 0 <= `|1 - qr (entry steps 0)| + qr (entry steps 0) * g * qr s.
  by apply: addr_ge0; [apply: normr_ge0 | apply: mulr_ge0 => //; apply: mulr_ge0 => //; apply: ltW].
case: (side N) sub => sub; apply: (run_of_euler ok hs u r0 r1 sub); apply: (contracts_le b0 le).
  by apply: singular_value_euler_outside => //; apply: ltW.
by apply: singular_value_euler_inside => //; apply: ltW.
Qed.

Theorem disk_rateP p lam : qlt q0 lam -> disk_rate p lam ->
  flow_by R N (diag_mx (\row_i (rv p 0 i / pace R N 0 i))) lam.
Proof.
rewrite /disk_rate; set k := root _ => l0 /and5P[pl pp T0 le /norm_belowP hk].
have p0 := @positivesP R N _ pp; have g0 := high_ge0; have sub := @plain_zero _ pl.
rewrite shiftedE qr1 in hk; rewrite -(qr_le R) !(qrM, qrB) qr4 qr1 -expr2 in le.
have rate : qr lam * qr (slowest_time N) <= 1 - qr k ^+ 2 / 4%:R.
  by rewrite -subr_ge0 in le; apply: (le_by (s := _ / 4%:R) _ (divr_ge0 le (ler0n _ 4))); field.
apply: (flow_slowest ok pp l0 T0 rate).
case: (side N) sub => sub; apply: decays_sub sub _.
  by have [] := disk_outside p0 g0 hk.
by have [] := disk_inside p0 g0 hk.
Qed.

Theorem disk_factorP p steps rho : has_steps N steps -> qle q0 rho -> qlt rho q1 ->
  disk_factor p steps rho -> run_by R N (diag_mx (rv p)) rho.
Proof.
rewrite /disk_factor; set k := root _ => hs r0 r1 /and5P[pl u /(@positivesP R N) p0 h2 /andP[le /norm_belowP hk]].
have hp := step_gt0_uniform R ok hs u; have g0 := high_ge0; have sub := @plain_zero _ pl.
have {}h2 : qr (entry steps 0) < 2%:R by rewrite -qr2 qr_lt.
rewrite shiftedE qrB qr1 in hk; rewrite -(qr_le R) !qrM qr_inv // !(qrM, qrB) qr2 qr1 -!expr2 in le.
set h := qr (entry steps 0) in hp h2 hk le.
have rate : (1 - h) ^+ 2 + h * qr k ^+ 2 / (2%:R - h) <= qr rho ^+ 2.
  have d0 : 0 < 2%:R - h by rewrite subr_gt0.
  rewrite -subr_ge0 in le; apply: (le_by (s := _ * (h / (2%:R - h))) _ (mulr_ge0 le _)).
    by field; rewrite !gt_eqF.
  by rewrite divr_ge0 ?ltW.
case: (side N) sub => sub; apply: (run_of_euler ok hs u r0 r1 sub).
  exact: disk_euler_outside rate.
exact: disk_euler_inside rate.
Qed.

End Meaning.
End Programs.
