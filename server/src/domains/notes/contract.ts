import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { SphereInput } from '../spheres/contract.ts'

const Title = z.string().trim().min(1).max(300)
const Body = z.string().max(100_000)

export const Note = z.object({
  id: z.uuid(), sphere_id: z.int(), title: z.string(), body: z.string(), version: z.int(),
  created_at: z.iso.datetime(), updated_at: z.iso.datetime(), binned_at: z.iso.datetime().nullable(),
})

export const CreateNote = z.strictObject({ title: Title, body: Body.optional(), sphere_id: SphereInput.optional() })
export const UpdateNote = z.strictObject({ note_id: z.uuid(), title: Title.optional(), body: Body.optional() })
export const NoteKey = z.strictObject({ note_id: z.uuid() })
export const SearchNotes = z.strictObject({ query: z.string().trim().max(300).optional() })
export const FoundNotes = z.object({ items: z.array(Note) })
export const ListNotes = z.strictObject({ ...pageInput, sphere_id: SphereInput.optional(), query: z.string().trim().max(300).optional(), binned: z.enum(['true', 'false']).default('false') })
